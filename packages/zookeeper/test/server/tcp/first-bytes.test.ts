import { describe, expect, it } from 'vitest';
import { FirstBytes, type Opening } from '../../../src/server/tcp/first-bytes.ts';

const isWord = (word: string) => word === 'ruok';

/** What pushing the bytes in pieces of `size` comes to. */
function opened(bytes: Uint8Array, size: number): { opening: Opening | undefined; taken: number } {
  const first = new FirstBytes(isWord);
  let taken = 0;
  let opening: Opening | undefined;
  while (opening === undefined && taken < bytes.length) {
    const piece = bytes.subarray(taken, taken + size);
    taken += piece.length;
    opening = first.push(piece);
  }
  return { opening, taken };
}

describe('FirstBytes', () => {
  it.each([1, 2, 3, 4, 5, 100])('knows a word that comes in pieces of %i bytes', (size) => {
    expect(opened(Buffer.from('ruok\n'), size).opening).toEqual({ type: 'word', word: 'ruok' });
  });

  it.each([1, 3, 4, 7])('hands on all bytes of frames that come in pieces of %i bytes', (size) => {
    const bytes = Buffer.from([0, 0, 0, 2, 7, 8, 9]);
    const { opening, taken } = opened(bytes, size);
    expect(opening).toEqual({ type: 'frames', bytes: expect.anything() });
    expect(opening?.type === 'frames' && Buffer.from(opening.bytes)).toEqual(bytes.subarray(0, taken));
  });

  it('cannot tell before there are four bytes', () => {
    expect(opened(Buffer.from('ruo'), 100).opening).toBeUndefined();
  });

  it('takes letters that are no word for what they are as a length', () => {
    expect(opened(Buffer.from('nope'), 4).opening).toEqual({ type: 'frames', bytes: Buffer.from('nope') });
  });
});
