import { ERROR_CODES, OPEN_ACL, type Request } from '@barnabas/zookeeper';
import { type Attachment, attach, NEW_SESSION, type SessionKey, type Target } from '../../support/zookeeper/attach.ts';
import type { Arrival } from '../../support/zookeeper/raw-client.ts';
import { NormalForm } from './normal-form.ts';
import { Notes } from './notes.ts';
import { type Known, resolvePath, resolveRequest } from './resolve.ts';
import { newSlot, type Slot } from './slot.ts';
import { type Reattachment, SLOTS, type Step, stepText } from './step.ts';
import { type StepRecord, type Transcript, transcriptText } from './transcript.ts';

/** Beyond all that a sequence does. */
const AHEAD_ZXIDS = 1_000_000;
/** Less than any server allows, so that it becomes the least that this one does. */
const SHORTEST_TIMEOUT_MS = 1;
const NO_SUCH_PATH = '/no-such-znode';
const UNKNOWN_XID = 1_000_000;

/**
 * Runs `steps` on a server, below `root`, which must not be there yet, and writes down all that the server said. Nothing
 * is left behind that could stir later: all sessions are closed at the end.
 */
export const replay = async (target: Target, root: string, steps: readonly Step[]): Promise<Transcript> => {
  const run = new Replay(target, root);
  try {
    await run.begin();
    for (const step of steps) await run.step(step);
    await run.end();
    return run.transcript;
  } catch (error) {
    throw new Error(`${target.host}:${target.port}: ${error}\n${transcriptText(run.transcript)}`, { cause: error });
  }
};

class Replay {
  readonly transcript: StepRecord[] = [];
  readonly #target: Target;
  readonly #root: string;
  readonly #slots: Slot[];
  readonly #notes = new Notes();
  /** All that were opened, and may be alive. */
  readonly #sessions = new Map<bigint, SessionKey>();
  #normalForm = new NormalForm('', '', 0);
  #ownAddress = '';
  #arrivals: [slot: string, arrival: Arrival][] = [];
  #names = 0;

  constructor(target: Target, root: string) {
    this.#target = target;
    this.#root = root;
    this.#slots = Array.from({ length: SLOTS }, (_, index) => newSlot(`s${index}`));
  }

  async begin(): Promise<void> {
    const [first] = this.#slots;
    if (first === undefined) return;
    await this.#open(first, {});
    await this.#send(first, { op: 'whoAmI' });
    await this.#send(first, { op: 'create', path: this.#root, data: null, acl: OPEN_ACL, flags: 0 });
    this.#ownAddress = ownAddressIn(this.#arrivals);
    this.#normalForm = new NormalForm(this.#root, this.#ownAddress, first.lastZxid);
    this.#record('begin');
    for (const slot of this.#slots.slice(1)) await this.#open(slot, {});
    this.#record('open the other connections');
  }

  async step(step: Step): Promise<void> {
    const slot = this.#slots[step.slot];
    if (slot === undefined) return;
    if (step.do !== 'open' && step.do !== 'reattach') await this.#ensureConnected(slot);
    await this.#do(slot, step);
    this.#record(stepText(step));
  }

  async end(): Promise<void> {
    for (const slot of this.#slots) await this.#barrier(slot);
    for (const slot of this.#slots) await this.#close(slot);
    for (const session of this.#sessions.values()) await this.#closeOrphan(session);
    this.#record('end');
  }

  async #do(slot: Slot, step: Step): Promise<void> {
    switch (step.do) {
      case 'request':
        return this.#send(slot, step.request);
      case 'burst':
        return this.#burst(slot, step.requests);
      case 'unknown':
        return this.#unknown(slot, step.opCode);
      case 'open':
        return slot.client === undefined ? this.#open(slot, step) : undefined;
      case 'close':
        return this.#close(slot);
      case 'cut':
        return this.#cut(slot);
      case 'reattach':
        return this.#reattach(slot, step.how);
      case 'expire':
        return this.#expire(slot);
      case 'emptyContainer':
        return this.#emptyContainer(slot, step.parent);
      case 'outliveTtl':
        return this.#outliveTtl(slot, step.parent);
    }
  }

  async #ensureConnected(slot: Slot): Promise<void> {
    if (slot.client === undefined) await this.#reattach(slot, 'right');
    if (slot.client === undefined) await this.#open(slot, {});
  }

  async #send(slot: Slot, request: Request): Promise<void> {
    await this.#burst(slot, [request]);
  }

  async #burst(slot: Slot, requests: readonly Request[]): Promise<void> {
    const { client } = slot;
    if (client === undefined) return;
    const xids = requests
      .map((request) => resolveRequest(request, this.#knownTo(slot)))
      .map((request) => ({ request, xid: client.send(request) }));
    for (const { request, xid } of xids) {
      const arrivals = await client.untilReply(xid);
      const last = arrivals.at(-1);
      this.#notes.take(request, last);
      this.#take(slot, arrivals);
      if (last?.type === 'reply' && last.header.code === ERROR_CODES.AUTH_FAILED) {
        this.#take(slot, await client.until(() => false));
      }
    }
  }

  async #unknown(slot: Slot, opCode: number): Promise<void> {
    const { client } = slot;
    if (client === undefined) return;
    client.sendBytes(frameOfType(opCode));
    this.#take(slot, await client.until(() => false));
  }

  async #open(slot: Slot, options: { readonly timeoutMs?: number }): Promise<void> {
    this.#keep(slot, await attach(this.#target, NEW_SESSION, options));
  }

  async #close(slot: Slot): Promise<void> {
    await this.#barrierOfAll();
    const { client, session } = slot;
    if (client === undefined || session === undefined) return;
    const arrivals = await client.untilReply(client.send({ op: 'closeSession' }));
    this.#take(slot, [...arrivals, ...(await client.until(() => false))]);
    this.#sessions.delete(session.id);
    slot.session = undefined;
    await this.#barrierOfAll();
  }

  async #closeOrphan(session: SessionKey): Promise<void> {
    const orphan = newSlot('orphan');
    this.#keep(orphan, await attach(this.#target, session));
    await this.#close(orphan);
  }

  async #cut(slot: Slot): Promise<void> {
    await this.#barrier(slot);
    await slot.client?.hangUp();
    slot.client = undefined;
  }

  async #reattach(slot: Slot, how: Reattachment): Promise<void> {
    const { session } = slot;
    if (session === undefined) return;
    await this.#barrier(slot);
    const password = how === 'wrong password' ? new Uint8Array(16).fill(7) : session.password;
    const lastZxidSeen = slot.lastZxid + (how === 'ahead' ? AHEAD_ZXIDS : 0);
    const attachment = await attach(
      this.#target,
      { ...session, password },
      { lastZxidSeen, isOld: how === 'old client' },
    );
    // Whether the server has closed the one before.
    await this.#barrier(slot);
    this.#keep(slot, attachment);
  }

  async #expire(slot: Slot): Promise<void> {
    const { session } = slot;
    if (slot.client === undefined || session === undefined) return;
    const mortal = this.#newPath('~');
    const observer = await this.#observe(mortal);
    await this.#send(slot, { op: 'create', path: mortal, data: null, acl: OPEN_ACL, flags: 1 });
    await this.#barrierOfAll();
    this.#keep(slot, await attach(this.#target, session, { timeoutMs: SHORTEST_TIMEOUT_MS }));
    await slot.client?.hangUp();
    slot.client = undefined;
    this.#take(observer, (await observer.client?.until(isDeletion)) ?? []);
    this.#sessions.delete(session.id);
    await this.#barrierOfAll();
    await this.#close(observer);
    await this.#reattach(slot, 'right');
  }

  async #emptyContainer(slot: Slot, parent: string): Promise<void> {
    const path = this.#newPath(parent);
    const child = `${path}/child`;
    const observer = await this.#observe(path);
    await this.#send(slot, { op: 'createContainer', path, data: null, acl: OPEN_ACL, flags: 4 });
    await this.#send(slot, { op: 'create', path: child, data: null, acl: OPEN_ACL, flags: 0 });
    await this.#send(slot, { op: 'delete', path: child, version: -1 });
    await this.#untilReaped(slot, path, observer);
  }

  async #outliveTtl(slot: Slot, parent: string): Promise<void> {
    const path = this.#newPath(parent);
    const observer = await this.#observe(path);
    await this.#send(slot, { op: 'createTTL', path, data: null, acl: OPEN_ACL, flags: 5, ttlMs: 1 });
    await this.#untilReaped(slot, path, observer);
  }

  /** Nothing is to be waited for where the znode could not be made. */
  async #untilReaped(slot: Slot, path: string, observer: Slot): Promise<void> {
    const wasMade = this.#notes.created.includes(resolvePath(path, this.#knownTo(slot)));
    if (wasMade) this.#take(observer, (await observer.client?.until(isDeletion)) ?? []);
    await this.#countZxidsAnew(observer);
    await this.#barrierOfAll();
    await this.#close(observer);
  }

  /**
   * A real server that is short of time may try to remove a znode several times, and every attempt takes a zxid. One more
   * that fails for sure is where the next ones are counted from.
   */
  async #countZxidsAnew(observer: Slot): Promise<void> {
    const { client } = observer;
    const arrivals = await client?.untilReply(client.send({ op: 'delete', path: NO_SUCH_PATH, version: -1 }));
    if (arrivals === undefined) return;
    this.#take(observer, arrivals.slice(0, -1));
    const last = arrivals.at(-1);
    if (last?.type === 'reply') this.#normalForm.countFrom(last.header.zxid);
  }

  /** A connection that is told of all that happens to `path`. */
  async #observe(path: string): Promise<Slot> {
    const observer = newSlot('observer');
    await this.#open(observer, {});
    await this.#send(observer, { op: 'addWatch', path, mode: 'persistent' });
    return observer;
  }

  /** All that a server had to say to `slot` before is written down after this. */
  async #barrier(slot: Slot): Promise<void> {
    await this.#send(slot, { op: 'ping' });
  }

  async #barrierOfAll(): Promise<void> {
    for (const slot of this.#slots) await this.#barrier(slot);
  }

  /** Makes it the slot's, unless it was turned away: then the slot keeps what it has. */
  #keep(slot: Slot, { client, arrivals, session }: Attachment): void {
    if (session === undefined) {
      this.#take(newSlot(`${slot.name} turned away`), arrivals);
      return;
    }
    this.#take(slot, arrivals);
    slot.client = client;
    slot.session = session;
    this.#sessions.set(session.id, session);
  }

  #take(slot: Slot, arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) {
      this.#arrivals.push([slot.name, arrival]);
      if (arrival.type === 'reply') slot.lastZxid = Math.max(slot.lastZxid, arrival.header.zxid);
      if (arrival.type === 'closed') slot.client = undefined;
    }
  }

  #record(step: string): void {
    const lines = this.#arrivals.map(([slot, arrival]) => `${slot} ${this.#normalForm.arrival(arrival)}`);
    this.transcript.push({ step, lines });
    this.#arrivals = [];
  }

  #newPath(parent: string): string {
    return `${parent}/made-${this.#names++}`;
  }

  #knownTo({ lastZxid }: Slot): Known {
    const { created, versions } = this.#notes;
    return { root: this.#root, ownAddress: this.#ownAddress, created, versions, lastZxid };
  }
}

const isDeletion = (arrival: Arrival): boolean => arrival.type === 'event' && arrival.event.type === 'nodeDeleted';

const ownAddressIn = (arrivals: readonly (readonly [string, Arrival])[]): string => {
  for (const [, arrival] of arrivals) {
    if (arrival.type !== 'reply' || arrival.reply?.op !== 'whoAmI') continue;
    return arrival.reply.identities.find(({ scheme }) => scheme === 'ip')?.id ?? '';
  }
  return '';
};

/** A request without a body. */
const frameOfType = (opCode: number): Buffer => {
  const frame = Buffer.alloc(12);
  frame.writeInt32BE(8, 0);
  frame.writeInt32BE(UNKNOWN_XID, 4);
  frame.writeInt32BE(opCode, 8);
  return frame;
};
