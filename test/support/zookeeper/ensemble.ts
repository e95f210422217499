import { setTimeout as delay } from 'node:timers/promises';
import { fourLetterWord, modeOf } from './four-letter-word.ts';
import type { Member } from './member.ts';

const SERVE_MAX_MS = 60_000;
const LOOK_AGAIN_MS = 20;

/** Servers that a test has for itself: it may kill them, halt them and start them again. Ends with `stop`. */
export class Ensemble {
  readonly members: readonly Member[];
  readonly #free: () => Promise<void>;

  /** @param free releases what the members were given, once they are gone */
  constructor(members: readonly Member[], free: () => Promise<void>) {
    this.members = members;
    this.#free = free;
  }

  /** `host:port,host:port` */
  get connectString(): string {
    return this.members.map(({ host, port }) => `${host}:${port}`).join(',');
  }

  /** Starts all members. Rejects with the ends of their logs where they do not come to serve clients. */
  async start(): Promise<void> {
    try {
      await Promise.all(this.members.map((member) => member.start()));
      await this.whenServing();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Resolves when all `members` serve clients. */
  async whenServing(members: readonly Member[] = this.members): Promise<void> {
    await Promise.all(members.map((member) => this.#until(`member ${member.id} serves`, () => modeOfMember(member))));
  }

  /**
   * The one of `members` that leads, as soon as there is just one; the only one of one. A leader that was halted still
   * takes itself for one when it goes on, beside the one that came after it.
   */
  leader(members: readonly Member[] = this.members): Promise<Member> {
    return this.#until('there is one leader', async () => {
      const modes = await Promise.all(members.map(modeOfMember));
      const leaders = members.filter((_, index) => modes[index] === 'leader' || modes[index] === 'standalone');
      return leaders.length === 1 ? leaders[0] : undefined;
    });
  }

  /** The answer of a member to a four-letter word. */
  ask(member: Member, word: string): Promise<string | undefined> {
    return fourLetterWord(member.host, member.port, word);
  }

  /** The ends of all logs, for a test that failed. */
  async logTails(): Promise<string> {
    const tails = this.members.map(async (member) => `--- ZooKeeper ${member.id}\n${await member.logTail()}`);
    return (await Promise.all(tails)).join('\n');
  }

  /** Kills all members, as nothing of theirs is wanted any more, and removes their data. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.members.map((member) => member.kill()));
    await this.#free();
  }

  async #until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const giveUpAtMs = performance.now() + SERVE_MAX_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > giveUpAtMs) {
        throw new Error(`not within ${SERVE_MAX_MS} ms: ${what}\n${await this.logTails()}`);
      }
      await delay(LOOK_AGAIN_MS);
    }
  }
}

const modeOfMember = ({ host, port }: Member): Promise<string | undefined> => modeOf(host, port);
