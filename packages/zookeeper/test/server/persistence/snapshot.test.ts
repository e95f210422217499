import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedJuteError } from '../../../src/jute/malformed-jute-error.ts';
import { OPEN_ACL } from '../../../src/operation/acl.ts';
import { adler32 } from '../../../src/server/persistence/adler32.ts';
import { nodeFileSystem } from '../../../src/server/persistence/node-file-system.ts';
import { writeSnapshot } from '../../../src/server/persistence/snapshot-writer.ts';
import type { NodeRecord, TreeImage } from '../../../src/txn/tree-image.ts';
import { acl, int32, int64, nullableBytes, record, safeInt64, text } from '../../support/jute/field-arbitraries.ts';
import { FileInMemory, imageFrom, snapshotBytes } from '../../support/persistence/file-in-memory.ts';
import { imageOf, nodeRecord } from '../../support/persistence/images.ts';
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts';

const node: fc.Arbitrary<NodeRecord> = record<NodeRecord>({
  data: nullableBytes,
  acl: fc.oneof(acl, fc.constant(OPEN_ACL)),
  czxid: safeInt64,
  mzxid: safeInt64,
  pzxid: safeInt64,
  ctimeMs: safeInt64,
  mtimeMs: safeInt64,
  version: int32,
  cversion: int32,
  aversion: int32,
  ephemeralOwner: int64,
});

/** Below the root, each below any that came before it. */
const nodes: fc.Arbitrary<Map<string, NodeRecord>> = fc
  .tuple(node, fc.array(fc.tuple(text, fc.nat(), node), { maxLength: 20 }))
  .map(([root, below]) => {
    const tree = new Map([['/', root]]);
    for (const [name, parent, child] of below) {
      const paths = [...tree.keys()];
      const parentPath = paths[parent % paths.length];
      tree.set(`${parentPath === '/' ? '' : parentPath}/_${name.replaceAll('/', '_')}`, child);
    }
    return tree;
  });

const image: fc.Arbitrary<TreeImage> = record<TreeImage>({
  lastZxid: fc.maxSafeNat(),
  sessions: fc.uniqueArray(fc.tuple(int64, int32), { selector: ([id]) => id }).map((pairs) => new Map(pairs)),
  nodes,
});

const comparable = ({ lastZxid, sessions, nodes: entries }: TreeImage): unknown => ({
  lastZxid,
  sessions: [...sessions],
  nodes: [...entries].map(([path, { data, ...rest }]) => [path, { ...rest, data: data && [...data] }]),
});

const problemOf = async (bytes: Buffer): Promise<string> => {
  try {
    await imageFrom(bytes, 7);
  } catch (error) {
    if (error instanceof MalformedJuteError) return error.message;
    throw error;
  }
  return 'none';
};

describe('a snapshot', () => {
  it('has all that the image had, in its order, however little of it is read at a time', async () => {
    await fc.assert(
      fc.asyncProperty(image, fc.integer({ min: 1, max: 300 }), async (original, windowBytes) => {
        const read = await imageFrom(await snapshotBytes(original), original.lastZxid, windowBytes);
        expect(comparable(read)).toEqual(comparable(original));
      }),
    );
  });

  it('has each ACL once, and that of everyone not at all', async () => {
    const own = [{ permissions: 1, scheme: 'ip', id: '10.0.0.1' }];
    const entries = Array.from({ length: 100 }, (_, index): [string, NodeRecord] => [
      index === 0 ? '/' : `/${index}`,
      nodeRecord({ acl: index % 2 === 0 ? OPEN_ACL : own.map((entry) => ({ ...entry })) }),
    ]);
    const bytes = await snapshotBytes({ lastZxid: 7, sessions: new Map(), nodes: entries });
    expect(bytes.toString('latin1').split('10.0.0.1')).toHaveLength(2);
    expect(bytes.includes('anyone')).toBe(false);
    const read = await imageFrom(bytes, 7);
    expect([...read.nodes].map(([, { acl: found }]) => found)).toEqual(entries.map(([, { acl: given }]) => given));
  });

  it('is refused wherever it is cut', async () => {
    const bytes = await snapshotBytes(imageOf(5));
    for (let size = 0; size < bytes.length; size++) expect(await problemOf(bytes.subarray(0, size))).not.toBe('none');
    expect(await problemOf(bytes)).toBe('none');
    expect(await problemOf(Buffer.concat([bytes, Buffer.from([0])]))).not.toBe('none');
  });

  it('is refused whichever of its bits is wrong, but for those of the id that nobody looks at', async () => {
    const bytes = await snapshotBytes(imageOf(3));
    for (let position = 0; position < bytes.length; position++) {
      for (let bit = 0; bit < 8; bit++) {
        const broken = Buffer.from(bytes);
        broken.writeUInt8(broken.readUInt8(position) ^ (1 << bit), position);
        expect(await problemOf(broken), `bit ${bit} of byte ${position}`).not.toBe('none');
      }
    }
  });

  it('is refused, and nothing else happens, whatever it is made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (content) => {
        const header = Buffer.from('5a4b534e00000002ffffffffffffffff', 'hex');
        expect(await problemOf(Buffer.from(content))).not.toBe('none');
        expect(await problemOf(Buffer.concat([header, content]))).not.toBe('none');
      }),
    );
  });

  it.each([
    {
      name: 'a znode without a parent',
      nodes: [
        ['/', nodeRecord()],
        ['/a/b', nodeRecord()],
      ],
    },
    {
      name: 'a znode before its parent',
      nodes: [
        ['/', nodeRecord()],
        ['/a/b', nodeRecord()],
        ['/a', nodeRecord()],
      ],
    },
    {
      name: 'a znode twice',
      nodes: [
        ['/', nodeRecord()],
        ['/a', nodeRecord()],
        ['/a', nodeRecord()],
      ],
    },
    { name: 'no root', nodes: [] },
    {
      name: 'a znode before the root',
      nodes: [
        ['/a', nodeRecord()],
        ['/', nodeRecord()],
      ],
    },
  ] as const)('is refused with $name', async ({ nodes: entries }) => {
    expect(await problemOf(await snapshotBytes({ lastZxid: 7, sessions: new Map(), nodes: entries }))).not.toBe('none');
  });

  it('is refused for what an item announces and the file does not have', async () => {
    const start = Buffer.from('5a4b534e00000002ffffffffffffffff0000000000000000', 'hex');
    const longPath = Buffer.from('7fffffff2f2f2f2f', 'hex');
    expect(await problemOf(Buffer.concat([start, longPath]))).toMatch(/2147483647 bytes are announced.* at byte 24$/);
  });

  it('is refused where its digest is not whole, or not sealed', async () => {
    const bytes = await snapshotBytes(imageOf(2));
    const digest = Buffer.concat([Buffer.alloc(8), Buffer.from([0, 0, 0, 2]), Buffer.alloc(8)]);
    const seal = Buffer.alloc(8);
    seal.writeUInt32BE(adler32(Buffer.concat([bytes, digest])), 4);
    const sealed = Buffer.concat([bytes, digest, seal, Buffer.from([0, 0, 0, 1, 0x2f])]);
    expect(await problemOf(sealed)).toBe('none');
    for (let size = bytes.length + 1; size < sealed.length; size++) {
      expect(await problemOf(sealed.subarray(0, size))).not.toBe('none');
    }
    sealed.writeUInt8(1, bytes.length);
    expect(await problemOf(sealed)).toMatch(/checksum/);
  });

  it('is not written from an image that can be walked over only once', async () => {
    const once = imageOf(3).nodes[Symbol.iterator]();
    await expect(writeSnapshot(new FileInMemory(), { ...imageOf(0), nodes: once as never })).rejects.toThrow('znodes');
  });

  it('never holds up the event loop for long', async () => {
    const directory = await temporaryDirectory();
    const big = imageOf(200_000, { sizeBytes: 200 });
    const file = await nodeFileSystem.open(`${directory}/snapshot`, 'write');
    const turns = new TurnWatch();
    await writeSnapshot(file, big);
    await file.close();
    // In one piece it is half a second; in slices, 5 ms, or more where garbage is collected.
    expect(turns.stop()).toBeLessThan(50);
  });
});

/** The most time of the processor that one turn of the event loop takes, in milliseconds: other programs do not count. */
class TurnWatch {
  #longestMs = 0;
  #lastMs = threadMs();
  #isRunning = true;

  constructor() {
    this.#turn();
  }

  stop(): number {
    this.#isRunning = false;
    this.#measure();
    return this.#longestMs;
  }

  #turn(): void {
    this.#measure();
    if (this.#isRunning) setImmediate(() => this.#turn());
  }

  #measure(): void {
    const nowMs = threadMs();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
