import { unreachable } from '../unreachable.ts';

/** What a timer is for. */
export type TimerEvent =
  /** A member that was not heard of leaves. */
  | { readonly kind: 'session'; readonly groupId: string; readonly memberId: string }
  /** A member id that nobody has used is given up. */
  | { readonly kind: 'pending member'; readonly groupId: string; readonly memberId: string }
  /** The join phase ends. */
  | { readonly kind: 'join phase'; readonly groupId: string }
  /** Members that have not asked for their assignment leave. */
  | { readonly kind: 'sync phase'; readonly groupId: string }
  /** Old offsets and empty groups go. */
  | { readonly kind: 'retention' };

/** The name under which the host knows a timer; two of the same event are one. */
export const timerKey = (event: TimerEvent): string => {
  switch (event.kind) {
    case 'session':
    case 'pending member':
      return JSON.stringify([event.kind, event.groupId, event.memberId]);
    case 'join phase':
    case 'sync phase':
      return JSON.stringify([event.kind, event.groupId]);
    case 'retention':
      return event.kind;
    default:
      return unreachable(event);
  }
};
