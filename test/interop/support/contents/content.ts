import type { LogConfig } from '@barnabas/model';
import type { Scribe } from '../scribe.ts';
import type { RecordSource } from './records.ts';

/** What one partition of the directory is about. */
export type Content = {
  readonly name: string;
  /** What differs from SMALL. */
  readonly config?: Partial<LogConfig>;
  readonly fill: (scribe: Scribe, source: RecordSource) => Promise<void>;
};

/** Several segments, and several entries in each index. Of no length that a power of two could hide. */
export const SMALL = { segmentBytes: 3001, indexIntervalBytes: 307, segmentIndexBytes: 65_536 } as const;
