import { describe, expect, it } from 'vitest';
import { JuteReader } from '../../src/jute/jute-reader.ts';
import { JuteWriter } from '../../src/jute/jute-writer.ts';
import { goldenRecords } from './golden-records.ts';

const ENCODED_SURROGATES = 'eda0bdedb880';

const written = (text: string): Buffer => {
  const writer = new JuteWriter();
  writer.string(text);
  return writer.finish();
};

describe('reading a string', () => {
  const records = goldenRecords('readString');

  it.each(
    records.filter(({ title }) => !title.startsWith(ENCODED_SURROGATES)),
  )('reads bytes that are no UTF-8 as Java does: $title', ({ value, bytes }) =>
    expect(new JuteReader(bytes).string()).toBe(value));

  it('reads each byte of an encoded surrogate as U+FFFD, where Java reads one for all three', () => {
    const surrogates = records.find(({ title }) => title.startsWith(ENCODED_SURROGATES));
    expect(surrogates?.value).toBe('\ufffd'.repeat(2));
    expect(new JuteReader(surrogates?.bytes ?? Buffer.alloc(0)).string()).toBe('\ufffd'.repeat(6));
  });

  it('keeps a byte order mark', () => {
    expect(new JuteReader(written('\ufeffa')).string()).toBe('\ufeffa');
  });
});

describe('writing a string', () => {
  const records = goldenRecords('writtenString');

  it('writes what Java writes for characters of up to 16 bits', () => {
    const narrow = records.filter(({ title }) => title.startsWith('of two'));
    expect(narrow.map(({ value }) => written(String(value)))).toStrictEqual(narrow.map(({ bytes }) => bytes));
  });

  it('writes characters beyond 16 bits as UTF-8, where Java writes bytes that it cannot read itself', () => {
    const wide = records.find(({ title }) => title.startsWith('beyond'));
    expect(wide?.bytes.toString('hex')).toBe(`00000006${ENCODED_SURROGATES}`);
    expect(written('\u{1f600}').toString('hex')).toBe('00000004f09f9880');
    expect(new JuteReader(written('\u{1f600}')).string()).toBe('\u{1f600}');
  });

  it('writes a surrogate without its other half as U+FFFD', () => {
    expect(new JuteReader(written('a\ud83db')).string()).toBe('a\ufffdb');
  });
});
