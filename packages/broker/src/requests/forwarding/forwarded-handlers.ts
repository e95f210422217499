import type { PeerHandlers } from '@barnabas/transport';
import { type ControllerApi, type ForwardingOptions, forwarded } from './forwarded.ts';
import { UNANSWERED } from './unanswered.ts';

type ControllerHandlers = Required<Pick<PeerHandlers, ControllerApi>>;

/** What the controller does, on every broker: see `forwarded`. */
export function forwardedHandlers(handlers: ControllerHandlers, options: ForwardingOptions): ControllerHandlers {
  const { CreateTopics, DeleteTopics, CreatePartitions, ElectLeaders } = handlers;
  return {
    CreateTopics: forwarded('CreateTopics', CreateTopics, UNANSWERED.CreateTopics, options),
    DeleteTopics: forwarded('DeleteTopics', DeleteTopics, UNANSWERED.DeleteTopics, options),
    CreatePartitions: forwarded('CreatePartitions', CreatePartitions, UNANSWERED.CreatePartitions, options),
    ElectLeaders: forwarded('ElectLeaders', ElectLeaders, UNANSWERED.ElectLeaders, options),
  };
}
