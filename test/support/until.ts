import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 50;

/**
 * Looks again and again until there is something. A look that rejects has seen nothing.
 *
 * @param what for the error, after `maxMs`
 */
export async function until<T>(what: string, maxMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAtMs = performance.now() + maxMs;
  for (;;) {
    let problem: unknown;
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > giveUpAtMs) throw new Error(`not within ${maxMs} ms: ${what}`, { cause: problem });
    await sleep(LOOK_AGAIN_MS);
  }
}
