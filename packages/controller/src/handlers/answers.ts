import type {
  AlterPartitionResponse,
  ControlledShutdownResponse,
  ElectLeadersResponse,
  InputOf,
} from '@barnabas/protocol';

export type AlterPartitionAnswer = InputOf<typeof AlterPartitionResponse>;
export type ControlledShutdownAnswer = InputOf<typeof ControlledShutdownResponse>;
export type ElectLeadersAnswer = InputOf<typeof ElectLeadersResponse>;
