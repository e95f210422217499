/** That what the conformance suite compares does not overlook anything: every single value that a server sends counts. */
import type { Stat } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../support/zookeeper/raw-client.ts';
import { NormalForm } from './conformance/normal-form.ts';
import { differenceOf } from './conformance/transcript.ts';

const SESSION = 0x1234n;
const NOW_MS = Date.now();
const BASE_ZXID = 100;

const stat = (fields: Partial<Stat> = {}): Stat => ({
  czxid: 101,
  mzxid: 102,
  pzxid: 103,
  ctimeMs: NOW_MS,
  mtimeMs: NOW_MS + 1,
  version: 1,
  cversion: 2,
  aversion: 3,
  ephemeralOwner: SESSION,
  dataLengthBytes: 4,
  numChildren: 5,
  ...fields,
});

const header = { xid: 1, zxid: 104, code: 0 };
const response = {
  protocolVersion: 0,
  timeoutMs: 30_000,
  sessionId: SESSION,
  password: Buffer.from('secret'),
  readOnly: false,
};

/** Each value stands in it twice, or stands for itself: a session is known again, a transaction has one time. */
const ARRIVALS: readonly Arrival[] = [
  { type: 'connected', response },
  { type: 'connected', response },
  { type: 'reply', op: 'create', header, reply: { op: 'create', path: '/run/a' } },
  { type: 'reply', op: 'create2', header, reply: { op: 'create2', path: '/run/a', stat: stat() } },
  { type: 'reply', op: 'exists', header, reply: { op: 'exists', stat: stat({ ephemeralOwner: 0n }) } },
  { type: 'reply', op: 'getData', header, reply: { op: 'getData', data: Buffer.from('x'), stat: stat() } },
  { type: 'reply', op: 'getData', header, reply: { op: 'getData', data: null, stat: stat() } },
  { type: 'reply', op: 'getChildren2', header, reply: { op: 'getChildren2', children: ['a', 'b'], stat: stat() } },
  {
    type: 'reply',
    op: 'getACL',
    header,
    reply: { op: 'getACL', acl: [{ permissions: 31, scheme: 'ip', id: '127.0.0.1' }], stat: stat() },
  },
  {
    type: 'reply',
    op: 'multi',
    header,
    reply: {
      op: 'multi',
      results: [
        { op: 'create', path: '/run/b' },
        { op: 'create2', path: '/run/b', stat: stat() },
        { op: 'setData', stat: stat() },
        { op: 'delete' },
        { op: 'error', code: -101 },
      ],
    },
  },
  {
    type: 'reply',
    op: 'multiRead',
    header,
    reply: {
      op: 'multiRead',
      results: [
        { op: 'getData', data: Buffer.from('x'), stat: stat() },
        { op: 'getChildren', children: ['a', 'b'] },
      ],
    },
  },
  { type: 'reply', op: 'getEphemerals', header, reply: { op: 'getEphemerals', paths: ['/run/a', '/run/b'] } },
  { type: 'reply', op: 'getAllChildrenNumber', header, reply: { op: 'getAllChildrenNumber', count: 2 } },
  { type: 'reply', op: 'whoAmI', header, reply: { op: 'whoAmI', identities: [{ scheme: 'ip', id: '127.0.0.1' }] } },
  { type: 'reply', op: 'delete', header: { xid: 2, zxid: -1, code: -101 } },
  { type: 'event', header: { xid: -1, zxid: -1, code: 0 }, event: { type: 'nodeDeleted', path: '/run/a' } },
  { type: 'closed' },
];

const transcriptOf = (arrivals: readonly Arrival[]) => {
  const normalForm = new NormalForm('/run', '127.0.0.1', BASE_ZXID);
  return [{ step: 'all', lines: arrivals.map((arrival) => normalForm.arrival(arrival)) }];
};

/** Where a value lies in the arrivals. */
type Place = readonly (string | number)[];

/** All values that are no objects; the kind of a thing is none that a server sends. */
const placesIn = (value: unknown, place: Place = []): Place[] => {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [place];
  return Object.entries(value)
    .filter(([name]) => name !== 'type' && name !== 'op')
    .flatMap(([name, inner]) => placesIn(inner, [...place, name]));
};

const withOtherValueAt = (value: unknown, [name, ...rest]: Place): unknown => {
  if (name === undefined) return otherThan(value);
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === name ? withOtherValueAt(item, rest) : item));
  }
  return { ...(value as object), [name]: withOtherValueAt((value as Record<string, unknown>)[name], rest) };
};

const otherThan = (value: unknown): unknown => {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'bigint') return value + 1n;
  if (typeof value === 'string') return `${value}x`;
  if (typeof value === 'boolean') return !value;
  return value === null ? Buffer.alloc(0) : Buffer.from('other');
};

describe('the comparison of two servers', () => {
  const expected = transcriptOf(ARRIVALS);

  it('finds nothing where both say the same', () => {
    expect(differenceOf(expected, transcriptOf(ARRIVALS))).toBeUndefined();
  });

  it('sees every other value', () => {
    const places = placesIn(ARRIVALS);
    const overlooked = places.filter((place) => {
      const changed = withOtherValueAt(ARRIVALS, place) as readonly Arrival[];
      return differenceOf(expected, transcriptOf(changed)) === undefined;
    });
    expect(overlooked.map((place) => place.join('.'))).toEqual([]);
    expect(places.length).toBeGreaterThan(150);
  });

  it('sees what is missing', () => {
    for (const index of ARRIVALS.keys()) {
      expect(differenceOf(expected, transcriptOf(ARRIVALS.toSpliced(index, 1))), `number ${index}`).toBeDefined();
    }
  });

  it('sees what came twice', () => {
    for (const index of ARRIVALS.keys()) {
      const twice = ARRIVALS.toSpliced(index, 0, ...ARRIVALS.slice(index, index + 1));
      expect(differenceOf(expected, transcriptOf(twice)), `number ${index}`).toBeDefined();
    }
  });

  it('sees that an event came before the answer that it has to come after', () => {
    const [event, reply] = [ARRIVALS.slice(-2, -1), ARRIVALS.slice(-3, -2)];
    const swapped = [...ARRIVALS.slice(0, -3), ...event, ...reply, ...ARRIVALS.slice(-1)];
    expect(differenceOf(expected, transcriptOf(swapped))).toBeDefined();
  });
});
