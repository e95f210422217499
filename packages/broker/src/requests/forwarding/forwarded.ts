import type { BrokerId } from '@barnabas/model';
import { type PeerContext, PeerError, type PeerHandler, type PeerRequest } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Requests } from '../../peers/requests.ts';
import type { Answer } from '../answered.ts';

/** What only the controller does, and clients may ask any broker for. */
export type ControllerApi = 'CreateTopics' | 'DeleteTopics' | 'CreatePartitions' | 'ElectLeaders';

export type ForwardingOptions = {
  readonly self: BrokerId;
  readonly cluster: ClusterView;
  readonly requests: Requests;
  /** Whether this broker is the controller. */
  readonly isActive: () => boolean;
};

type Asked<Api extends ControllerApi> = Parameters<PeerHandler<Api>>[0];

/** The answer that says of all that was asked that it may have been done, or not: REQUEST_TIMED_OUT. */
export type Unanswered<Api extends ControllerApi> = (request: Asked<Api>, version: number) => Answer<Api>;

/** The answer has longer to come than the controller has to do it, so that the controller's own word arrives. */
const GRACE_MS = 1_000;

/**
 * The same API on every broker: what a client asks for is passed on to the controller, once, in the version in which it came.
 * Where it has certainly not arrived, this broker answers as the one that is not the controller; where nobody knows, with
 * `unanswered`. Nothing is asked for twice.
 *
 * A request of another broker is not passed on: it was meant for this one, and nothing goes in a circle.
 */
export const forwarded =
  <Api extends ControllerApi>(
    api: Api,
    handler: PeerHandler<Api>,
    unanswered: Unanswered<Api>,
    { self, cluster, requests, isActive }: ForwardingOptions,
  ): PeerHandler<Api> =>
  async (request, context) => {
    const { controllerId } = cluster.image;
    const isForUs = isActive() || !isOfClient(context) || controllerId === undefined || controllerId === self;
    if (isForUs) return handler(request, context);
    const deadlineMs = Math.max(0, timeoutOf(request)) + GRACE_MS;
    const { version, signal } = context;
    try {
      // What was received can be sent: it has all of its fields.
      const answer = requests.ask(controllerId, api, version, request as PeerRequest<Api>, { deadlineMs, signal });
      return (await answer) as Answer<Api>;
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      return error.outcome === 'refused' ? handler(request, context) : unanswered(request, version);
    }
  };

const isOfClient = ({ listener }: PeerContext): boolean => listener !== undefined;

/** Each of these requests says how long it may take. */
const timeoutOf = ({ timeoutMs }: { readonly timeoutMs: number }): number => timeoutMs;
