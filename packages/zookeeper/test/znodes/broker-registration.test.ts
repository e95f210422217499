import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import {
  type BrokerRegistration,
  brokerPath,
  decodeBrokerRegistration,
  encodeBrokerRegistration,
} from '../../src/znodes/broker-registration.ts';

const ID = brokerId(7);
const PLAIN = { listener: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'h1', port: 9092 } as const;
const REGISTRATION: BrokerRegistration = {
  endpoints: [PLAIN],
  jmxPort: -1,
  rack: undefined,
  timestampMs: 1700000000000,
  features: new Map(),
  unclean: false,
};

describe('encodeBrokerRegistration', () => {
  it('says nothing of a clean start, and adds the mark of an unclean one at the end', () => {
    const clean = textOf(REGISTRATION);
    expect(clean).not.toContain('unclean');
    expect(textOf({ ...REGISTRATION, unclean: true })).toBe(`${clean.slice(0, -1)},"unclean":true}`);
  });

  it('writes an IPv6 address in brackets', () => {
    expect(textOf({ ...REGISTRATION, endpoints: [{ ...PLAIN, host: '::1' }] })).toContain('"PLAINTEXT://[::1]:9092"');
  });

  it('writes no number that JSON cannot hold', () => {
    expect(() => encodeBrokerRegistration({ ...REGISTRATION, jmxPort: Number.NaN })).toThrow(RangeError);
  });
});

describe('decodeBrokerRegistration', () => {
  it('answers what was encoded', () => {
    const registration = { ...REGISTRATION, rack: 'a', unclean: true, features: new Map([['f', range(1, 2)]]) };
    expect(decoded(textOf(registration))).toEqual(registration);
  });

  it('reads version 1, which had one PLAINTEXT endpoint', () => {
    expect(decoded('{"version":1,"host":"h1","port":9092,"jmx_port":9999,"timestamp":"1700000000000"}')).toEqual({
      ...REGISTRATION,
      jmxPort: 9999,
    });
  });

  it('reads version 3, whose listeners are called as their protocols', () => {
    const text = '{"version":3,"endpoints":["PLAINTEXT://h1:9092","SSL://[::1]:9093"],"rack":"dc1"}';
    expect(decoded(text)).toMatchObject({
      endpoints: [PLAIN, { listener: 'SSL', securityProtocol: 'SSL', host: '::1', port: 9093 }],
      jmxPort: -1,
      rack: 'dc1',
      timestampMs: 0,
    });
  });

  it('reads a later version, and passes over what it does not know', () => {
    const text =
      '{"version":6,"endpoints":["x://h1:9092"],"listener_security_protocol_map":{"X":"SSL"},"rack":null,"new":[]}';
    expect(decoded(text)).toMatchObject({ endpoints: [{ listener: 'X', securityProtocol: 'SSL' }], rack: undefined });
  });
});

describe('brokerPath', () => {
  it('is below /brokers/ids', () => {
    expect(brokerPath(ID)).toBe('/brokers/ids/7');
  });
});

function decoded(text: string): BrokerRegistration {
  return decodeBrokerRegistration(ID, Buffer.from(text));
}

function textOf(registration: BrokerRegistration): string {
  return Buffer.from(encodeBrokerRegistration(registration)).toString();
}

function range(minVersion: number, maxVersion: number): { minVersion: number; maxVersion: number } {
  return { minVersion, maxVersion };
}
