import type { OffsetCheckpoint } from '../checkpoint/offset-checkpoint.ts';

/** The offset checkpoints of a log directory that its logs are opened with. */
export type CheckpointValues = {
  readonly recoveryPoint: OffsetCheckpoint;
  readonly logStart: OffsetCheckpoint;
  readonly highWatermark: OffsetCheckpoint;
};

export const NO_CHECKPOINTS: CheckpointValues = {
  recoveryPoint: new Map(),
  logStart: new Map(),
  highWatermark: new Map(),
};

/** The same, with the partitions only for which `keep` is true. */
export const restrictTo = (values: CheckpointValues, keep: (name: string) => boolean): CheckpointValues => {
  const filtered = (entries: OffsetCheckpoint): OffsetCheckpoint =>
    new Map([...entries].filter(([name]) => keep(name)));
  return {
    recoveryPoint: filtered(values.recoveryPoint),
    logStart: filtered(values.logStart),
    highWatermark: filtered(values.highWatermark),
  };
};
