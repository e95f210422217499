import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterTopic } from '../../../src/cluster/cluster-image.ts';
import { decodePosition, encodePosition, type Place } from '../../../src/rest/read-topic/topic-position.ts';

const topicOf = (topicId: string | undefined, name = 't'): ClusterTopic => ({ name, topicId, partitions: new Map() });
const TOPIC = topicOf('TTTTTTTTTTTTTTTTTTTTTA');

const sinceMs = fc.nat({ max: 2 ** 45 });
const place = (since: number): fc.Arbitrary<Place> =>
  fc.oneof(
    fc.constant<Place>({ kind: 'earliest' }),
    fc.constant<Place>({ kind: 'timestamp', timestampMs: since }),
    fc
      .oneof(
        fc.nat(300),
        fc.maxSafeNat().filter((offset) => offset < 2 ** 53 - 2),
      )
      .map((offset): Place => ({ kind: 'offset', offset })),
  );
const position = sinceMs.chain((since) =>
  fc.array(place(since), { maxLength: 40 }).map((places) => ({ sinceMs: since, places })),
);

describe('the position of a reader in a topic', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(position, (original) => {
        expect(decodePosition(TOPIC, encodePosition(TOPIC, original))).toEqual(original);
      }),
    );
  });

  it('has one text and no other: whatever is changed in it is refused, or is another position', () => {
    fc.assert(
      fc.property(
        position,
        fc.nat(),
        fc.constantFrom('A', 'z', '_', '=', '+', ' ', ''),
        (original, seed, character) => {
          const text = encodePosition(TOPIC, original);
          const at = seed % (text.length + 1);
          const changed = text.slice(0, at) + character + text.slice(at + 1);
          if (changed === text) return;
          let other: unknown;
          try {
            other = decodePosition(TOPIC, changed);
          } catch (thrown) {
            expect(thrown).toMatchObject({ error: 'INVALID_REQUEST' });
            return;
          }
          expect(other).not.toEqual(original);
        },
      ),
    );
  });

  it('is refused in another topic, also in one of the same name, and for what is none at all', () => {
    const text = encodePosition(TOPIC, { sinceMs: 0, places: [{ kind: 'offset', offset: 3 }] });
    expect(() => decodePosition(topicOf('UUUUUUUUUUUUUUUUUUUUUA'), text)).toThrow(
      'another one, or of one deleted since',
    );
    const nameless = encodePosition(topicOf(undefined), { sinceMs: 0, places: [] });
    expect(() => decodePosition(topicOf(undefined, 'u'), nameless)).toThrow('another one, or of one deleted since');
    expect(decodePosition(topicOf(undefined), nameless)).toEqual({ sinceMs: 0, places: [] });
    for (const none of ['', 'x', '12', 'earliest', 'é', text.slice(0, -1), `${text}A`, text.slice(0, 20)]) {
      expect(() => decodePosition(TOPIC, none)).toThrow('the position is none');
    }
  });
});
