import { APIS, type ApiName } from '@barnabas/protocol';
import type { PeerHandlers } from '@barnabas/transport';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVED_APIS } from '../../src/kafka/served-apis.ts';
import { Door } from '../support/kafka/door.ts';
import { damaged, framed, goldenRequests, goldenResponse } from '../support/kafka/golden-requests.ts';

const NAMES = (Object.keys(SERVED_APIS) as ApiName[]).filter((name) => name !== 'ApiVersions');

/** Each answers the same to whatever has been understood. */
const HANDLERS: PeerHandlers = Object.fromEntries(NAMES.map((name) => [name, () => goldenResponse(name)]));

let door: Door;
beforeAll(async () => {
  door = await Door.open({ handlers: HANDLERS });
});
afterAll(() => door.close());

/** Whatever has been sent, somebody else is served. */
async function expectServes(): Promise<void> {
  const client = await door.client();
  await expect(client.ask('ApiVersions', 0, {} as never)).resolves.toMatchObject({ errorCode: 0 });
  client.close();
}

/** Sends bytes, ends its side, and resolves when the broker has closed: whether it has answered. */
async function answersTo(bytes: Uint8Array): Promise<boolean> {
  const client = await door.client(true);
  client.socket.end(bytes);
  const answered = client.next().then(
    () => true,
    () => false,
  );
  await client.whenClosed();
  return answered;
}

describe('a frame', () => {
  it.each([
    ['of 2 GB', 0x7fff_ffff],
    ['of one byte more than socket.request.max.bytes', 1_000_001],
    ['of a negative size', -1],
    ['of the most negative size', -0x8000_0000],
    ['of no bytes', 0],
  ])('%s closes the connection before any room is made for it', async (_, size) => {
    const before = process.memoryUsage().arrayBuffers;
    const client = await door.client();
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(size);
    client.socket.write(bytes);
    await client.whenClosed();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    await expectServes();
  });

  it.each([
    ['a key that no API has', 999, 0],
    ['a negative key', -1, 0],
    ['an API for brokers alone', APIS.LeaderAndIsr.key, 7],
    ['the key of UpdateMetadata', APIS.UpdateMetadata.key, 8],
    ['the key of StopReplica', APIS.StopReplica.key, 4],
    ['the key of AlterPartition', APIS.AlterPartition.key, 3],
    ['the key of AllocateProducerIds', APIS.AllocateProducerIds.key, 0],
    ['the key of ControlledShutdown', APIS.ControlledShutdown.key, 3],
    ['a version that there is not', APIS.Metadata.key, 99],
    ['a negative version', APIS.Produce.key, -1],
  ])('with %s closes the connection', async (_, key, version) => {
    const bytes = Buffer.alloc(14);
    bytes.writeInt32BE(10, 0);
    bytes.writeInt16BE(key, 4);
    bytes.writeInt16BE(version, 6);
    bytes.writeInt16BE(-1, 12);
    expect(await answersTo(bytes)).toBe(false);
    await expectServes();
  });

  it('of any bytes at all closes the connection at most', async () => {
    const frames = fc.uint8Array({ maxLength: 200 }).map((body) => framed(Buffer.from(body)));
    const lines = fc.oneof(frames, fc.uint8Array({ minLength: 1, maxLength: 50 }).map(Buffer.from));
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 4 }), async (parts) => {
        await answersTo(Buffer.concat(parts));
      }),
      { numRuns: 200 },
    );
    await expectServes();
  });
});

describe('a request as Kafka writes it', () => {
  it.each(NAMES)('of %s is answered in every version', async (name) => {
    const requests = goldenRequests(name);
    expect(new Set(requests.map(({ version }) => version)).size).toBe((SERVED_APIS[name]?.max ?? -1) + 1);
    for (const { version, bytes } of requests) expect(await answersTo(bytes), `version ${version}`).toBe(true);
  });

  it.each(NAMES)('of %s, cut off or changed anywhere, closes the connection at most', async (name) => {
    const damagedRequests = fc
      .tuple(
        fc.constantFrom(...goldenRequests(name)),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(255),
        fc.boolean(),
      )
      .map((parts) => damaged(...parts));
    await fc.assert(
      fc.asyncProperty(damagedRequests, async (bytes) => {
        await answersTo(bytes);
      }),
      { numRuns: 40 },
    );
    await expectServes();
  });
});
