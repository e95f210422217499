import type { Acl, ConnectResponse, MultiResult, ReadResult, Reply, ReplyHeader, Stat } from '@barnabas/zookeeper';
import { errorNameByCode } from '@barnabas/zookeeper';
import type { Arrival } from '../../support/zookeeper/raw-client.ts';
import { aclText, OWN_ADDRESS, ROOT } from './step.ts';

/** Clocks of servers on other machines may differ a little. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Writes what a server says so that the same behaviour gives the same text: zxids relative to the beginning of the
 * sequence, sessions by the order in which they were opened, times by whether they are those of their transactions, paths
 * below the root of the sequence. Children and ephemerals stay in the order in which they came: a real server lists them as
 * a hash set of Java's does, and the other is to do the same. One for each run of a sequence on a server.
 */
export class NormalForm {
  readonly #root: string;
  readonly #ownAddress: string;
  /** From which zxids are counted, from each on to the next. */
  readonly #baseZxids: number[];
  readonly #sessions: { readonly id: bigint; readonly password: Buffer }[] = [];
  /** One transaction has one time. */
  readonly #timesMs = new Map<number, number>();

  /** @param baseZxid of the transaction that made `root` */
  constructor(root: string, ownAddress: string, baseZxid: number) {
    this.#root = root;
    this.#ownAddress = ownAddress;
    this.#baseZxids = [baseZxid];
  }

  /** Counts anew from `zxid` on: how many transactions came right before is chance. */
  countFrom(zxid: number): void {
    this.#baseZxids.push(zxid);
  }

  arrival(arrival: Arrival): string {
    switch (arrival.type) {
      case 'connected':
        return `connected ${this.#response(arrival.response)}`;
      case 'event': {
        const { type, path } = arrival.event;
        return `event ${this.#header(arrival.header)} ${type} ${this.#path(path)}`;
      }
      case 'reply': {
        const what = arrival.reply === undefined ? '' : ` ${this.#reply(arrival.reply)}`;
        return `reply ${this.#header(arrival.header)}${what}`;
      }
      case 'closed':
        return 'closed';
    }
  }

  #header({ xid, zxid, code }: ReplyHeader): string {
    return `xid=${xid} zxid=${this.#zxid(zxid)} ${codeText(code)}`;
  }

  #response({ protocolVersion, timeoutMs, sessionId, password, readOnly }: ConnectResponse): string {
    const secret = Buffer.from(password);
    const known = this.#sessions.find(({ id }) => id === sessionId);
    if (known === undefined && sessionId !== 0n) this.#sessions.push({ id: sessionId, password: secret });
    const isOwn = known?.password.equals(secret) ?? (sessionId !== 0n && secret.some((byte) => byte !== 0));
    const passwordText = isOwn ? `own of ${secret.length}` : secret.toString('hex');
    const session = this.#owner(sessionId);
    return `session=${session} timeout=${timeoutMs} password=${passwordText} version=${protocolVersion} readOnly=${readOnly}`;
  }

  #reply(reply: Reply): string {
    switch (reply.op) {
      case 'create':
      case 'sync':
        return `${reply.op} ${this.#path(reply.path)}`;
      case 'create2':
      case 'createContainer':
      case 'createTTL':
        return `${reply.op} ${this.#path(reply.path)} ${this.#stat(reply.stat)}`;
      case 'setData':
      case 'setACL':
      case 'exists':
        return `${reply.op} ${this.#stat(reply.stat)}`;
      case 'getACL':
        return `${reply.op} [${reply.acl.map((acl) => this.#acl(acl)).join(' ')}] ${this.#stat(reply.stat)}`;
      case 'getChildren2':
        return `${reply.op} ${names(reply.children)} ${this.#stat(reply.stat)}`;
      case 'multi':
      case 'multiRead':
        return `${reply.op} [${reply.results.map((result) => this.#result(result)).join(', ')}]`;
      case 'getEphemerals':
        return `${reply.op} ${names(reply.paths.map((path) => this.#path(path)))}`;
      case 'getAllChildrenNumber':
        return `${reply.op} ${reply.count}`;
      case 'whoAmI':
        // They come in the order of a hash that the client's address is part of, and in Docker the address is another one.
        return `${reply.op} [${ipFirst(reply.identities)
          .map(({ scheme, id }) => `${scheme}:${this.#id(scheme, id)}`)
          .join(' ')}]`;
      case 'getData':
      case 'getChildren':
        return this.#result(reply);
      default:
        return `${reply.op} done`;
    }
  }

  #result(result: MultiResult | ReadResult): string {
    switch (result.op) {
      case 'create':
        return `create ${this.#path(result.path)}`;
      case 'create2':
        return `create2 ${this.#path(result.path)} ${this.#stat(result.stat)}`;
      case 'setData':
        return `setData ${this.#stat(result.stat)}`;
      case 'getData':
        return `getData ${dataText(result.data)} ${this.#stat(result.stat)}`;
      case 'getChildren':
        return `getChildren ${names(result.children)}`;
      case 'error':
        return codeText(result.code);
      default:
        return `${result.op} done`;
    }
  }

  #stat(stat: Stat): string {
    return [
      `{zxids=${[stat.czxid, stat.mzxid, stat.pzxid].map((zxid) => this.#zxid(zxid)).join('/')}`,
      `times=${this.#time(stat.czxid, stat.ctimeMs)}/${this.#time(stat.mzxid, stat.mtimeMs)}`,
      `versions=${stat.version}/${stat.cversion}/${stat.aversion}`,
      `owner=${this.#owner(stat.ephemeralOwner)}`,
      `bytes=${stat.dataLengthBytes} children=${stat.numChildren}}`,
    ].join(' ');
  }

  #zxid(zxid: number): string {
    if (zxid <= 0) return String(zxid);
    const index = this.#baseZxids.findLastIndex((base) => base <= zxid);
    const distance = zxid - (this.#baseZxids[Math.max(0, index)] ?? 0);
    if (index === -1) return String(distance);
    return index === 0 ? `+${distance}` : `${index}:+${distance}`;
  }

  #time(zxid: number, timeMs: number): string {
    const knownMs = this.#timesMs.get(zxid) ?? timeMs;
    this.#timesMs.set(zxid, knownMs);
    if (timeMs !== knownMs) return `${timeMs - knownMs} ms off that of its transaction`;
    return Math.abs(Date.now() - timeMs) < CLOCK_TOLERANCE_MS ? 'ok' : String(timeMs);
  }

  #owner(id: bigint): string {
    if (id === 0n) return '0';
    const ordinal = this.#sessions.findIndex((session) => session.id === id);
    return ordinal === -1 ? `0x${BigInt.asUintN(64, id).toString(16)}` : `session ${ordinal}`;
  }

  #path(path: string): string {
    return path.startsWith(this.#root) ? `${ROOT}${path.slice(this.#root.length)}` : path;
  }

  #acl(acl: Acl): string {
    return aclText({ ...acl, id: this.#id(acl.scheme, acl.id) });
  }

  #id(scheme: string, id: string): string {
    return scheme === 'ip' && id.startsWith(this.#ownAddress) ? id.replace(this.#ownAddress, OWN_ADDRESS) : id;
  }
}

const names = (list: readonly string[]): string => `[${list.join(' ')}]`;

const dataText = (data: Uint8Array | null): string =>
  data === null ? 'null' : JSON.stringify(Buffer.from(data).toString());

const codeText = (code: number): string => (code === 0 ? 'ok' : `${errorNameByCode(code) ?? 'error'} ${code}`);

const ipFirst = <T extends { readonly scheme: string }>(identities: readonly T[]): T[] =>
  identities.toSorted((a, b) => Number(b.scheme === 'ip') - Number(a.scheme === 'ip'));
