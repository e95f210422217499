import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PackageSession } from '../../../src/adapter/package-session.ts';
import type { Request } from '../../../src/operation/request.ts';
import { AdapterContext } from '../../support/adapter/adapter-context.ts';
import { sessionFrame } from '../../support/adapter/fake-connection.ts';

const DATA = Buffer.from('x');
const GET = { op: 'getData', path: '/a', watch: false } as const;

let context: AdapterContext;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(() => context.close());

function versionsIn(request: Request): number[] {
  return request.op === 'multi' ? request.ops.map((op) => ('version' in op ? op.version : Number.NaN)) : [];
}

describe('defect 4: version 0 in a transaction means any version', () => {
  it('is sent as -1 by the bare package', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    bare.client
      .transaction()
      .check('/a', 0)
      .setData('/a', DATA, 0)
      .remove('/a', 0)
      .commit(() => {});
    expect(versionsIn((await connection.nextRequest()).request)).toEqual([-1, -1, -1]);
  });

  it('is sent as 0 by the link', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    const ops = [
      { op: 'check', path: '/a', version: 0 },
      { op: 'setData', path: '/a', data: DATA, version: 0 },
      { op: 'delete', path: '/a', version: 0 },
    ] as const;
    link.send({ op: 'multi', ops }, () => {});
    expect(versionsIn((await connection.nextRequest()).request)).toEqual([0, 0, 0]);
  });
});

describe('defect 17: the first xid is 0, and the last one is too great to be written', () => {
  it('is 0 with the bare package', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    bare.client.getData('/a', undefined, () => {});
    expect((await connection.nextRequest()).xid).toBe(0);
  });

  it('cannot be written by the bare package after 2^31 requests', async () => {
    const server = await context.server();
    const { bare } = await context.connectedBare(server);
    bare.client.connectionManager.xid = 2 ** 31;
    expect(() => bare.client.connectionManager.queue(bareRequest(), () => {})).toThrow(RangeError);
  });

  it('is 1 with the link', async () => {
    const server = await context.server();
    const { link, connection } = await context.connectedLink(server);
    link.send(GET, () => {});
    link.send(GET, () => {});
    expect([(await connection.nextRequest()).xid, (await connection.nextRequest()).xid]).toEqual([1, 2]);
  });

  it('starts over at 1 with the link', () => {
    const sent: Buffer[] = [];
    const session = new PackageSession(10_000, () => {}, 2 ** 31 - 3);
    session.open();
    session.begin({ write: (frame) => sent.push(Buffer.from(frame)) > 0, setTimeout: () => {}, destroy: () => {} });
    session.takeConnectResponse(sessionFrame(10_000).subarray(4));
    for (let count = 0; count < 4; count++) session.send(GET, () => {});
    expect(sent.slice(1).map((frame) => frame.readInt32BE(4))).toEqual([2 ** 31 - 3, 2 ** 31 - 2, 1, 2]);
  });
});

/** Writes its xid as the package's own requests do. */
function bareRequest() {
  const header = { xid: 0, type: 4 };
  return {
    header,
    toBuffer: () => {
      const frame = Buffer.alloc(12);
      frame.writeInt32BE(header.xid, 4);
      return frame;
    },
  };
}
