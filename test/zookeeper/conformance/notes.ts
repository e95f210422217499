import type { Request, Stat } from '@barnabas/zookeeper';
import type { Arrival } from '../../support/zookeeper/raw-client.ts';

/** What the clients of a sequence could know of what they have made: see the stand-ins of a step. */
export class Notes {
  /** The last one first. */
  readonly created: string[] = [];
  readonly versions = new Map<string, number>();

  /** @param answer the last thing that the server said to it */
  take(request: Request, answer: Arrival | undefined): void {
    if (answer?.type !== 'reply' || answer.reply === undefined) return;
    const { reply } = answer;
    if (reply.op === 'multi') {
      for (const result of reply.results) if ('path' in result) this.#made(result.path);
    }
    if ('path' in reply && reply.op !== 'sync') this.#made(reply.path);
    if ('stat' in reply && 'path' in request) this.#saw(request.path, reply.stat);
  }

  #made(path: string): void {
    this.created.unshift(path);
    this.versions.set(path, 0);
  }

  #saw(path: string, stat: Stat): void {
    this.versions.set(path, stat.version);
  }
}
