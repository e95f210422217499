export { GROUP_BOUNDS } from './group/group-bounds.ts';
export type {
  GroupApi,
  GroupEffect,
  GroupRequest,
  GroupResponse,
  GroupShard,
  ListedGroup,
  RequestId,
  WriteId,
} from './groups/group-shard.ts';
export { partitionFor } from './partition-for.ts';
export { createGroupShard } from './shard/create-group-shard.ts';
export type { GroupLimits, GroupLog, GroupShardOptions } from './turn/group-limits.ts';
export { groupRefusal } from './turn/group-refusal.ts';
