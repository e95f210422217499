import type { BrokerId } from '@barnabas/model';
import type { LogEnd } from './election.ts';

/**
 * The broker whose log goes farthest: the greatest last epoch, then the greatest end offset; the first in the order given
 * where several do. undefined while the answer of one of them is missing.
 */
export function farthestLog(
  brokers: readonly BrokerId[],
  logEnds: ReadonlyMap<BrokerId, LogEnd>,
): BrokerId | undefined {
  let farthest: { readonly broker: BrokerId; readonly logEnd: LogEnd } | undefined;
  for (const broker of brokers) {
    const logEnd = logEnds.get(broker);
    if (logEnd === undefined) return undefined;
    if (farthest === undefined || isBehind(farthest.logEnd, logEnd)) farthest = { broker, logEnd };
  }
  return farthest?.broker;
}

function isBehind(a: LogEnd, b: LogEnd): boolean {
  return a.lastEpoch === b.lastEpoch ? a.endOffset < b.endOffset : a.lastEpoch < b.lastEpoch;
}
