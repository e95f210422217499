import type { Random } from '@barnabas/model';
import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { randomTopicId } from '../../src/znodes/topic-id.ts';
import { decodeTopic, encodeTopic } from '../../src/znodes/topic-znode.ts';

describe('randomTopicId', () => {
  it('draws UUIDs of version 4 that never start with a dash, and that a topic can have', () => {
    const random = seededRandom(1);
    const ids = Array.from({ length: 2000 }, () => randomTopicId(random));
    expect(new Set(ids).size).toBe(ids.length);
    for (const topicId of ids) {
      expect(topicId).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
      expect(Buffer.from(topicId, 'base64url').toString('hex')).toMatch(/^.{12}4.{3}[89ab].{15}$/);
      expect(decodeTopic('t', encodeTopic({ topicId, partitions: new Map() })).topicId).toBe(topicId);
    }
  });

  it('draws again where the text would start with a dash', () => {
    const drawn = [Uint8Array.of(0xf8, ...new Array(15).fill(0)), new Uint8Array(16)];
    const random: Random = { below: () => 0, bytes: () => drawn.shift() ?? new Uint8Array(0) };
    expect(randomTopicId(random)).toBe('AAAAAAAAQACAAAAAAAAAAA');
    expect(drawn).toEqual([]);
  });
});
