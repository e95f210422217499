import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedMessageError } from '../../src/schema/message-errors.ts';
import { arbitraryDamages, damaged, expectDecodedOrRefused } from '../support/damage.ts';
import { ALL_APIS, headerSamples, samplesOf } from '../support/golden-samples.ts';

const GROUPS = [
  { name: 'a header', samples: headerSamples() },
  ...ALL_APIS.map((api) => ({ name: api.name, samples: samplesOf(api) })),
];
const DAMAGES_PER_SAMPLE = 20;

describe.each(GROUPS)('$name', ({ samples }) => {
  it('that is cut at any byte is malformed', () => {
    for (const { schema, version, bytes } of samples) {
      for (let size = 0; size < bytes.length; size++) {
        let thrown: unknown;
        try {
          schema.decode(version, bytes.subarray(0, size));
        } catch (error) {
          thrown = error;
        }
        if (thrown instanceof MalformedMessageError) continue;
        expect.unreachable(`${schema.name} v${version} of ${size} bytes: ${thrown}`);
      }
    }
  });

  it('that is damaged is malformed, or a value no larger than its bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), arbitraryDamages, ({ schema, version, bytes }, damages) => {
        expectDecodedOrRefused(schema, version, damaged(bytes, damages));
      }),
      { numRuns: samples.length * DAMAGES_PER_SAMPLE },
    );
  });
});

/** In the place of a size or a count they claim far more than there is, in the plain form and in the compact one. */
const HUGE = [Buffer.from('7fffffff', 'hex'), Buffer.from('ffffffff07', 'hex')];
const MAX_GROWTH_BYTES = 256 * 2 ** 20;

describe('a size or a count that the bytes cannot hold', () => {
  it('allocates nothing, wherever it stands', () => {
    const heldBytes = (): number => {
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      return arrayBuffers + heapUsed;
    };
    const before = heldBytes();
    const samples = ALL_APIS.flatMap(samplesOf).filter((_, index) => index % 5 === 0);
    for (const { schema, version, bytes } of samples) {
      for (const huge of HUGE) {
        for (let at = 0; at < bytes.length; at++) {
          const hostile = Buffer.concat([bytes.subarray(0, at), huge, bytes.subarray(at + huge.length)]);
          expectDecodedOrRefused(schema, version, hostile);
        }
        expect(heldBytes() - before, `${schema.name} v${version}`).toBeLessThan(MAX_GROWTH_BYTES);
      }
    }
  });
});
