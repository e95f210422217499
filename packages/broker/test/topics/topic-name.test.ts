import { describe, expect, it } from 'vitest';
import { canCollide, collisionKey, problemOfTopicName, requireTopicName } from '../../src/topics/topic-name.ts';

describe('the name of a topic', () => {
  it.each(['a', 'Orders-2.eu_west', '...', '-', '__consumer_offsets', 'x'.repeat(249)])('may be %s', (name) => {
    expect(problemOfTopicName(name)).toBeUndefined();
  });

  it.each([
    ['', 'A topic needs a name.'],
    ['.', 'A topic cannot be called .: give it another name.'],
    ['..', 'A topic cannot be called ..: give it another name.'],
    ['x'.repeat(250), "A topic's name has at most 249 characters; this one has 250."],
    ['a/b', `A topic cannot be called "a/b": use ASCII letters, digits, '.', '_' and '-'.`],
    ['größe', `A topic cannot be called "größe": use ASCII letters, digits, '.', '_' and '-'.`],
    ['a\n', `A topic cannot be called "a\\n": use ASCII letters, digits, '.', '_' and '-'.`],
    ['\ud800', `A topic cannot be called "\\ud800": use ASCII letters, digits, '.', '_' and '-'.`],
  ])('may not be %j', (name, message) => {
    expect(() => requireTopicName(name)).toThrow(
      expect.objectContaining({ error: 'INVALID_TOPIC_EXCEPTION', message }),
    );
  });

  it('collides with those that differ in . and _ alone', () => {
    expect(collisionKey('a.b_c')).toBe(collisionKey('a_b.c'));
    expect(collisionKey('a.b')).not.toBe(collisionKey('a-b'));
    expect(['a.b', 'a_b', 'a-b'].map(canCollide)).toEqual([true, true, false]);
  });
});
