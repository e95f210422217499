/**
 * What the host of a partition of `__consumer_offsets` sees of the groups in it.
 *
 * The shard decides and applies, and does nothing else: no clock, no timer, no append. Whoever hosts it gives it what came to
 * pass, one thing at a time, and carries out the effects that it answers, in their order.
 */
import type { ErrorName } from '@barnabas/model';
import type { APIS, InputOf, KeyAndValue, OffsetsRecord, TypeOf } from '@barnabas/protocol';

/** What a group's members and tools ask its coordinator, one group at a time; handlers that ask for many take them apart. */
export type GroupApi =
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'OffsetCommit'
  | 'OffsetFetch'
  | 'DescribeGroups'
  | 'DeleteGroups'
  | 'OffsetDelete';

/**
 * A request for one group. Those of OffsetFetch, DescribeGroups and DeleteGroups name exactly one group; the others cannot name
 * more.
 */
export type GroupRequest = {
  [Api in GroupApi]: {
    readonly api: Api;
    readonly version: number;
    readonly request: TypeOf<(typeof APIS)[Api]['request']>;
    readonly clientId: string;
    /** Address of the client, as `/10.0.0.7`. */
    readonly clientHost: string;
  };
}[GroupApi];

export type GroupResponse = { [Api in GroupApi]: InputOf<(typeof APIS)[Api]['response']> }[GroupApi];

/** The host's number of a request that waits for its answer; never used twice. */
export type RequestId = number;
/** The shard's number of what it has had appended; never used twice. */
export type WriteId = number;

/** What the host is to do. */
export type GroupEffect =
  | { readonly kind: 'reply'; readonly to: RequestId; readonly response: GroupResponse }
  /** Appends all of them as one batch with acks=all, and tells `committed` or `failed`. Of two, the earlier comes first in the log. */
  | { readonly kind: 'append'; readonly writeId: WriteId; readonly records: readonly KeyAndValue[] }
  /** Calls `timer` with the key at that time, in epoch ms; one that is set again under the same key counts from anew. */
  | { readonly kind: 'set timer'; readonly key: string; readonly atMs: number }
  | { readonly kind: 'cancel timer'; readonly key: string };

/** One group, as ListGroups tells of it. */
export type ListedGroup = {
  readonly groupId: string;
  readonly protocolType: string;
  /** Kafka's names: `Stable`, `Empty`... */
  readonly state: string;
};

/**
 * The groups of one partition of `__consumer_offsets`.
 *
 * Life: `replay` for each record of the log, then `loaded`, then everything else; `resign` once, when the partition is led here no
 * longer, after which nothing else is called. Not reentrant: the host calls it again only after it has carried out the effects of the call
 * before.
 */
export interface GroupShard {
  /** One record of the log; the last one of a key counts. `record.type` `unknown` is passed over. */
  replay(record: OffsetsRecord): void;
  /** The end of the log is reached: sessions of the members begin now. */
  loaded(nowMs: number): readonly GroupEffect[];

  handle(id: RequestId, request: GroupRequest, nowMs: number): readonly GroupEffect[];
  /** Nobody waits for the answer to that request any longer; what it does may still be done. */
  gone(id: RequestId): void;
  timer(key: string, nowMs: number): readonly GroupEffect[];
  /** The high watermark has passed what was appended under that number. */
  committed(writeId: WriteId, nowMs: number): readonly GroupEffect[];
  /** It was not, or nobody knows. */
  failed(writeId: WriteId, error: ErrorName, nowMs: number): readonly GroupEffect[];
  /** Whoever waits is told NOT_COORDINATOR; all timers are over. */
  resign(nowMs: number): readonly GroupEffect[];

  list(): readonly ListedGroup[];
  /** Partitions of a topic that was deleted are of no use to anyone: their offsets go. */
  topicDeleted(topic: string, nowMs: number): readonly GroupEffect[];
}
