import { DEFAULT_BROKER_PROPERTIES } from '@barnabas/model';
import { encodeBrokerRegistration } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { parseListeners } from '../../src/config/listeners.ts';
import { registrationOf } from '../../src/node/registration.ts';

const ABOUT = { rack: undefined, timestampMs: 1, unclean: false };

describe('what a broker says of itself in ZooKeeper', () => {
  it("begins with where clients of Kafka's protocol find it, which is its host and port for older ones", () => {
    const properties = { ...DEFAULT_BROKER_PROPERTIES, listeners: 'REST://h:1,PEERS://h:2,KAFKA://h:0' };
    const listeners = parseListeners(properties, 'machine');
    const ports = new Map([
      ['REST', 1],
      ['PEERS', 2],
      ['KAFKA', 19091],
    ]);
    const registration = registrationOf(listeners, ports, ABOUT);
    expect(registration.endpoints.map(({ listener, port }) => [listener, port])).toEqual([
      ['KAFKA', 19091],
      ['REST', 1],
      ['PEERS', 2],
    ]);
    const json = JSON.parse(Buffer.from(encodeBrokerRegistration(registration)).toString());
    expect(json).toMatchObject({ host: 'h', port: 19091 });
  });
});
