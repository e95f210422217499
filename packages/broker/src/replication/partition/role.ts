import type { BrokerId } from '@barnabas/model';
import type { Leadership } from './leadership.ts';

/** What a broker is to a partition that it has a replica of. */
export type Role =
  /** The controller has not said yet, or has had it stopped. */
  | { readonly kind: 'none' }
  | { readonly kind: 'leader'; readonly leadership: Leadership }
  | {
      readonly kind: 'follower';
      /** undefined where the partition has none. */
      readonly leader: BrokerId | undefined;
      readonly isr: readonly BrokerId[];
    }
  /** `directory`: its log directory has failed, for as long as the broker runs. `damaged`: the log alone is unusable. */
  | { readonly kind: 'offline'; readonly cause: 'directory' | 'damaged'; readonly message: string };
