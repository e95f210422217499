import { baseOffsetOf, batchBytesOf } from '@barnabas/protocol';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HandlePool } from '../../src/files/handle-pool.ts';
import { type ScanDepth, type ScanEnd, scanBatches } from '../../src/segment/scan.ts';
import { FileOperationError } from '../../src/storage-errors.ts';
import { replicated } from '../log/batches.ts';

const PATH = '/0.log';
const DEPTHS = ['headers', 'whole'] as const;
/** Batches from 79 bytes to more than a chunk of either depth. */
const BATCHES = [10, 70_000, 0, 1_200_000, 10, 30_000].map((valueBytes, at) => replicated(at, { valueBytes }));
const ALL = Buffer.concat(BATCHES);
const POSITIONS = BATCHES.map((_, index) => Buffer.concat(BATCHES.slice(0, index)).length);

class ScanContext {
  readonly disk = new SimulatedDisk(seededRandom(1));
  readonly #handles = new HandlePool(this.disk.newProcess(), 10);
  /** Position and first offset of the batches that were visited. */
  visited: [number, number][] = [];

  constructor(content: Buffer) {
    this.disk.plantFile(PATH, content);
  }

  async scan(depth: ScanDepth, from: number, end: number, stopAt?: number): Promise<ScanEnd> {
    this.visited = [];
    return scanBatches(this.#handles, PATH, from, end, depth, (bytes, at, position) => {
      if (position === stopAt) return 'stop';
      if (depth === 'whole') expect(bytes.length).toBeGreaterThanOrEqual(at + batchBytesOf(bytes, at));
      this.visited.push([position, baseOffsetOf(bytes, at)]);
      return undefined;
    });
  }
}

const expectedFrom = (first: number, count: number): [number, number][] =>
  POSITIONS.slice(first, first + count).map((position, index) => [position, first + index]);

describe.each(DEPTHS)('scanBatches (%s)', (depth) => {
  it('visits each batch from any one on, whatever their sizes', async () => {
    const context = new ScanContext(ALL);
    for (const [index, position] of POSITIONS.entries()) {
      expect(await context.scan(depth, position, ALL.length)).toEqual({ kind: 'end', position: ALL.length });
      expect(context.visited).toEqual(expectedFrom(index, 6));
    }
  });

  it('stops where the visitor says so', async () => {
    const context = new ScanContext(ALL);
    const position = POSITIONS[4] ?? 0;
    expect(await context.scan(depth, 0, ALL.length, position)).toEqual({ kind: 'stopped', position });
    expect(context.visited).toEqual(expectedFrom(0, 4));
  });

  it('ends before a batch that does not end within the bytes given, wherever it is torn', async () => {
    const context = new ScanContext(ALL);
    const cuts = fc.oneof(
      fc.nat(ALL.length),
      fc.tuple(fc.constantFrom(...POSITIONS), fc.nat(70)).map(([at, by]) => at + by),
    );
    await fc.assert(
      fc.asyncProperty(cuts, async (end) => {
        const whole = BATCHES.filter((bytes, index) => (POSITIONS[index] ?? 0) + bytes.length <= end);
        const position = Buffer.concat(whole).length;
        expect(await context.scan(depth, 0, end)).toEqual({ kind: position === end ? 'end' : 'torn', position });
        expect(context.visited).toEqual(expectedFrom(0, whole.length));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    [0, 'malformed'],
    [-1, 'malformed'],
    [48, 'malformed'],
    [-0x8000_0000, 'malformed'],
    [0x7fff_ffff, 'torn'],
  ] as const)('ends before a batch with the length %i, and allocates nothing for it', async (length, kind) => {
    const content = Buffer.concat([replicated(0), replicated(1), replicated(2)]);
    content.writeInt32BE(length, 79 + 8);
    const context = new ScanContext(content);
    const before = process.memoryUsage().arrayBuffers;
    expect(await context.scan(depth, 0, content.length)).toEqual({ kind, position: 79 });
    expect(context.visited).toEqual([[0, 0]]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it('rejects where the file ends before the bytes given', async () => {
    const context = new ScanContext(replicated(0));
    await expect(context.scan(depth, 0, 200)).rejects.toThrow(FileOperationError);
  });

  it('has nothing to visit in no bytes', async () => {
    expect(await new ScanContext(ALL).scan(depth, 5, 5)).toEqual({ kind: 'end', position: 5 });
  });

  it('ends on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const { position } = await new ScanContext(Buffer.from(bytes)).scan(depth, 0, bytes.length);
        expect(position).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('scanBatches', () => {
  it('reads no more than the headers ask for where batches are large', async () => {
    const context = new ScanContext(ALL);
    await context.scan('headers', 0, ALL.length);
    expect(context.disk.counters.bytesRead).toBeLessThan(6 * 64 * 1024);
  });
});
