import { describe, expect, it } from 'vitest';
import { isLaterSender, type Sender } from '../../src/cluster/sender.ts';

const sender = (controllerEpoch: number, brokerEpoch: bigint): Sender => ({ controllerEpoch, brokerEpoch });

describe('isLaterSender', () => {
  it.each([
    ['a later term', sender(6, 20n), sender(5, 20n), true],
    ['a later registration', sender(5, 21n), sender(5, 20n), true],
    ['a later term, and a later registration', sender(6, 21n), sender(5, 20n), true],
    ['the same again', sender(5, 20n), sender(5, 20n), false],
    ['an earlier registration, held up', sender(5, 10n), sender(5, 20n), false],
    ['an earlier registration in a later term', sender(6, 10n), sender(5, 20n), false],
    ['an earlier term', sender(4, 21n), sender(5, 20n), false],
  ])('says of %s', (_, one, other, expected) => {
    expect(isLaterSender(one, other)).toBe(expected);
  });
});
