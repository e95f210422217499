import type { GroupEffect, GroupRequest, GroupShard, ListedGroup, RequestId, WriteId } from '@barnabas/coordinator';
import { ERRORS, type ErrorName } from '@barnabas/model';
import type { OffsetsRecord } from '@barnabas/protocol';
import { commitOf, shown } from './offsets-records.ts';

const DONE = { throttleTimeMs: 0, errorCode: 0 };

type Commit = { readonly to: RequestId; readonly topics: readonly Committed[] };
type Committed = { readonly group: string; readonly topic: string; readonly offset: number | null };

/**
 * A shard that knows nothing but offsets: OffsetCommit of partition 0 of topics is appended and answered once it is committed,
 * OffsetFetch answers them, JoinGroup waits until the shard resigns, and SyncGroup throws. Tells what it was told, in order.
 */
export class CommitShard implements GroupShard {
  readonly told: string[] = [];
  readonly offsets = new Map<string, number>();
  readonly #waiting = new Set<RequestId>();
  readonly #commits = new Map<WriteId, Commit>();
  #writes = 0;

  replay(record: OffsetsRecord): void {
    this.told.push(`replay ${shown(record)}`);
    if (record.type !== 'offset-commit') return;
    const { group, topic } = record.key.data;
    this.#apply({ group, topic, offset: record.value === null ? null : Number(record.value.data.offset) });
  }

  loaded(nowMs: number): readonly GroupEffect[] {
    this.told.push('loaded');
    return [{ kind: 'set timer', key: 'expiry', atMs: nowMs + 600_000 }];
  }

  handle(id: RequestId, { api, request }: GroupRequest): readonly GroupEffect[] {
    this.told.push(`${api} ${id}`);
    if (api === 'OffsetCommit') return [this.#append(id, request)];
    if (api === 'OffsetFetch') return [this.#fetched(id, request.groupId)];
    if (api === 'SyncGroup') throw new Error('nobody foresaw it');
    this.#waiting.add(id);
    return [];
  }

  gone(id: RequestId): void {
    this.told.push(`gone ${id}`);
    this.#waiting.delete(id);
  }

  timer(key: string): readonly GroupEffect[] {
    this.told.push(`timer ${key}`);
    return [];
  }

  committed(writeId: WriteId): readonly GroupEffect[] {
    this.told.push(`committed ${writeId}`);
    for (const each of this.#commits.get(writeId)?.topics ?? []) this.#apply(each);
    return this.#answered(writeId, 'NONE');
  }

  failed(writeId: WriteId, error: ErrorName): readonly GroupEffect[] {
    this.told.push(`failed ${writeId} ${error}`);
    return this.#answered(writeId, error);
  }

  resign(): readonly GroupEffect[] {
    this.told.push('resign');
    return [...this.#waiting].map((to) => {
      const { code: errorCode } = ERRORS.NOT_COORDINATOR;
      return {
        kind: 'reply',
        to,
        response: { ...DONE, errorCode, protocolName: '', leader: '', memberId: '', members: [] },
      };
    });
  }

  list(): readonly ListedGroup[] {
    const groups = new Set(Array.from(this.offsets.keys(), (key) => key.split(' ')[0] ?? ''));
    return [...groups].map((groupId) => ({ groupId, protocolType: '', state: 'Empty' }));
  }

  topicDeleted(topic: string): readonly GroupEffect[] {
    this.told.push(`deleted ${topic}`);
    const records = [...this.offsets.keys()]
      .map((key) => key.split(' '))
      .flatMap(([group = '', of]) => (of === topic ? [commitOf(group, null, topic)] : []));
    return records.length === 0 ? [] : [{ kind: 'append', writeId: ++this.#writes, records }];
  }

  #append(to: RequestId, { groupId, topics }: (GroupRequest & { api: 'OffsetCommit' })['request']): GroupEffect {
    const writeId = ++this.#writes;
    const committed = topics.map(({ name, partitions: [first] }) => {
      return { group: groupId, topic: name, offset: Number(first?.committedOffset ?? 0n) };
    });
    this.#commits.set(writeId, { to, topics: committed });
    return { kind: 'append', writeId, records: committed.map((each) => commitOf(each.group, each.offset, each.topic)) };
  }

  #fetched(to: RequestId, groupId: string): GroupEffect {
    const topics = [...this.offsets].flatMap(([key, offset]) => {
      const [group, name = ''] = key.split(' ');
      const partition = { partitionIndex: 0, committedOffset: BigInt(offset), metadata: '', errorCode: 0 };
      return group === groupId ? [{ name, partitions: [partition] }] : [];
    });
    return { kind: 'reply', to, response: { ...DONE, topics } };
  }

  #answered(writeId: WriteId, error: ErrorName): readonly GroupEffect[] {
    const commit = this.#commits.get(writeId);
    this.#commits.delete(writeId);
    if (commit === undefined) return [];
    const partitions = [{ partitionIndex: 0, errorCode: ERRORS[error].code }];
    const topics = commit.topics.map(({ topic: name }) => ({ name, partitions }));
    return [{ kind: 'reply', to: commit.to, response: { throttleTimeMs: 0, topics } }];
  }

  #apply({ group, topic, offset }: Committed): void {
    if (offset === null) this.offsets.delete(`${group} ${topic}`);
    else this.offsets.set(`${group} ${topic}`, offset);
  }
}
