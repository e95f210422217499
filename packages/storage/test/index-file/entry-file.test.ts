import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryFile } from '../../src/index-file/entry-file.ts';
import { PAGE_BYTES } from '../../src/index-file/page-cache.ts';
import { FileOperationError } from '../../src/storage-errors.ts';
import { IndexContext, PATH } from './index-context.ts';

const ENTRY_BYTES = 12;
const PER_PAGE = Math.floor(PAGE_BYTES / ENTRY_BYTES);

const append = (file: EntryFile, value: number): void => {
  const { bytes, at } = file.grow();
  bytes.writeUInt32BE(value, at);
  bytes.writeUInt32BE(value, at + 8);
};

const valueAt = async (file: EntryFile, index: number): Promise<number> => {
  const { bytes, at } = await file.entry(index);
  expect(bytes.readUInt32BE(at + 8)).toBe(bytes.readUInt32BE(at));
  return bytes.readUInt32BE(at);
};

const open = async (context: IndexContext): Promise<EntryFile> =>
  new EntryFile(context.store, PATH, ENTRY_BYTES, Math.floor((await context.sizeBytes()) / ENTRY_BYTES));

const filled = async (context: IndexContext, count: number): Promise<EntryFile> => {
  const file = await open(context);
  for (let i = 0; i < count; i++) append(file, i);
  await file.save();
  return file;
};

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'save' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'truncate'; readonly keep: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 500 }) }),
  fc.constant({ kind: 'save' as const }),
  fc.constant({ kind: 'reopen' as const }),
  fc.record({ kind: fc.constant('truncate' as const), keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

describe('EntryFile', () => {
  it('holds what an array would, over appends, saves, truncations and reopenings', async () => {
    const someIndexes = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, someIndexes), { maxLength: 15 }), async (steps) => {
        const context = new IndexContext();
        let file = await open(context);
        let model: number[] = [];
        let saved = 0;
        let next = 0;
        for (const [each, looks] of steps) {
          if (each.kind === 'append')
            for (let i = 0; i < each.count; i++) append(file, model[model.push(next++) - 1] ?? 0);
          if (each.kind === 'truncate') {
            model = model.slice(0, Math.round(each.keep * model.length));
            saved = Math.min(saved, model.length);
            await file.truncateTo(model.length);
          }
          if (each.kind === 'save') {
            await file.save();
            saved = model.length;
          }
          if (each.kind === 'reopen') {
            model = model.slice(0, saved);
            await file.release();
            file = await open(context);
          }
          expect(file.count).toBe(model.length);
          expect(file.unsavedBytes).toBe((model.length - saved) * ENTRY_BYTES);
          for (const look of model.length === 0 ? [] : [...looks, 0, 1 - 1e-9]) {
            const index = Math.floor(look * model.length);
            expect(await valueAt(file, index)).toBe(model[index]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps whole entries only, and writes over a torn one', async () => {
    const context = new IndexContext();
    context.disk.plantFile(PATH, Buffer.alloc(3 * ENTRY_BYTES + 5, 9));
    const file = await open(context);
    expect(file.count).toBe(3);
    append(file, 77);
    await file.save();
    expect(await valueAt(file, 3)).toBe(77);
    expect(await context.sizeBytes()).toBe(4 * ENTRY_BYTES);
  });

  it('trims away what follows its entries', async () => {
    const context = new IndexContext();
    const file = await filled(context, 3);
    await context.store.handles.use(PATH, 'write', (handle) => handle.truncate(1000));
    await file.trim();
    expect(await context.sizeBytes()).toBe(3 * ENTRY_BYTES);
  });

  it('reads the pages that it needs, however large the file', async () => {
    const context = new IndexContext();
    await filled(context, 100 * PER_PAGE);
    const file = await open(context);
    const before = context.disk.counters.bytesRead;
    expect(await valueAt(file, 50 * PER_PAGE)).toBe(50 * PER_PAGE);
    expect(await valueAt(file, 50 * PER_PAGE + 1)).toBe(50 * PER_PAGE + 1);
    expect(context.disk.counters.bytesRead - before).toBe(PER_PAGE * ENTRY_BYTES);
  });

  it('reads a page again once it has grown', async () => {
    const context = new IndexContext();
    const file = await filled(context, 2);
    expect(await valueAt(file, 1)).toBe(1);
    append(file, 2);
    await file.save();
    expect(await valueAt(file, 2)).toBe(2);
  });

  it('does not remember a page that was read while it was cut', async () => {
    const context = new IndexContext();
    const file = await filled(context, 10);
    const goOn = context.disk.faults.stall('truncate', /index/);
    const read = file.entry(9);
    const cut = file.truncateTo(5);
    await read;
    goOn();
    await cut;
    for (let i = 5; i < 10; i++) append(file, 100 + i);
    await file.save();
    expect(await valueAt(file, 9)).toBe(109);
  });

  it('says which file and byte it could not read, write or cut', async () => {
    const context = new IndexContext();
    const file = await filled(context, 4);
    context.disk.faults.fail('read', /index/, 'EIO', 1);
    await expect(file.entry(0)).rejects.toMatchObject({ file: PATH, position: 0, code: 'EIO' });
    append(file, 4);
    context.disk.faults.fail('write', /index/, 'ENOSPC', 1);
    await expect(file.save()).rejects.toMatchObject({ file: PATH, position: 4 * ENTRY_BYTES, code: 'ENOSPC' });
    context.disk.faults.fail('truncate', /index/, 'EIO', 1);
    await expect(file.truncateTo(1)).rejects.toMatchObject({ file: PATH, position: ENTRY_BYTES });
  });

  it('rejects where the file has become shorter than it was', async () => {
    const context = new IndexContext();
    const file = await filled(context, 4);
    await context.store.handles.use(PATH, 'write', (handle) => handle.truncate(ENTRY_BYTES));
    expect(await valueAt(file, 0)).toBe(0);
    await expect(file.entry(3)).rejects.toThrow(FileOperationError);
  });
});
