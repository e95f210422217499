import { DEFAULT_BROKER_PROPERTIES } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ListenerError, parseListeners } from '../../src/config/listeners.ts';

const listenersOf = (properties: Partial<Parameters<typeof parseListeners>[0]>) =>
  parseListeners({ ...DEFAULT_BROKER_PROPERTIES, ...properties }, 'machine');

describe('parseListeners', () => {
  it('gives HTTP and peers by default, on all addresses, under the name of the machine', () => {
    const common = { securityProtocol: 'PLAINTEXT', host: undefined };
    expect(listenersOf({})).toEqual([
      { ...common, name: 'REST', kind: 'rest', port: 8081, advertised: { host: 'machine', port: 8081 } },
      { ...common, name: 'PEERS', kind: 'peers', port: 9191, advertised: { host: 'machine', port: 9191 } },
    ]);
  });

  it('takes any other name for the protocol of Kafka', () => {
    const [, client] = listenersOf({
      listeners: 'PEERS://:9191,client://h:9091',
      listenerSecurityProtocolMap: 'CLIENT:SSL',
    });
    expect(client).toMatchObject({ name: 'CLIENT', kind: 'kafka', securityProtocol: 'SSL', host: 'h', port: 9091 });
  });

  it('knows how KAFKA is secured without being told', () => {
    const [client] = listenersOf({ listeners: 'KAFKA://:9091,PEERS://:9191' });
    expect(client).toMatchObject({ name: 'KAFKA', kind: 'kafka', securityProtocol: 'PLAINTEXT' });
  });

  it('lets brokers talk over another name', () => {
    const listeners = listenersOf({
      listeners: 'INSIDE://:9191',
      interBrokerListenerName: 'inside',
      listenerSecurityProtocolMap: 'INSIDE:PLAINTEXT',
    });
    expect(listeners.map(({ kind }) => kind)).toEqual(['peers']);
  });

  it('advertises what advertised.listeners says, and nothing else', () => {
    const listeners = listenersOf({ advertisedListeners: 'PEERS://[fe80::1]:19191' });
    expect(listeners.map(({ advertised }) => advertised)).toEqual([undefined, { host: 'fe80::1', port: 19191 }]);
  });

  it('takes port 0 twice, and one port at two addresses', () => {
    expect(listenersOf({ listeners: 'REST://:0,PEERS://:0' })).toHaveLength(2);
    expect(listenersOf({ listeners: 'REST://10.0.0.1:80,PEERS://10.0.0.2:80' })).toHaveLength(2);
  });

  it.each([
    [{ listeners: 'REST' }, 'listeners', '"REST" is not NAME://host:port'],
    [{ listeners: '' }, 'listeners', '"" is not NAME://host:port'],
    [{ listeners: 'REST://:65536,PEERS://:1' }, 'listeners', '"REST://:65536" is not NAME://host:port'],
    [{ listeners: 'REST://:1,rest://:2,PEERS://:3' }, 'listeners', 'there are two of the name REST'],
    [{ listeners: 'REST://:81,PEERS://h:81' }, 'listeners', 'REST and PEERS have the same port 81'],
    [
      { listeners: 'REST://:1,PEERS://0.0.0.0:2' },
      'listeners',
      'nobody can connect to the host 0.0.0.0 of PEERS: leave it out, or set advertised.listeners',
    ],
    [
      { advertisedListeners: 'PEERS://0.0.0.0:2' },
      'advertised.listeners',
      'nobody can connect to the host 0.0.0.0 of PEERS: write one that can be reached',
    ],
    [
      { advertisedListeners: 'PEARS://h:2' },
      'advertised.listeners',
      'there is no listener PEARS; listeners has its name',
    ],
    [
      { advertisedListeners: 'REST://h:2' },
      'advertised.listeners',
      'PEERS has to be advertised: other brokers connect to it',
    ],
    [
      { listeners: 'REST://:1' },
      'inter.broker.listener.name',
      'there is no listener PEERS: add one to listeners, as PEERS://:9191',
    ],
    [
      { interBrokerListenerName: 'REST' },
      'inter.broker.listener.name',
      'REST is the HTTP API; brokers need one of their own',
    ],
    [
      { listeners: 'PEERS://:1,CLIENT://:2' },
      'listener.security.protocol.map',
      'it has no protocol for the listener CLIENT',
    ],
    [
      { listenerSecurityProtocolMap: 'REST:SASL_SSL' },
      'listener.security.protocol.map',
      'REST can be PLAINTEXT or SSL, not SASL_SSL',
    ],
    [
      { listeners: 'PEERS://:1,KAFKA://:2', listenerSecurityProtocolMap: 'KAFKA:SASL_PLAINTEXT' },
      'listener.security.protocol.map',
      'KAFKA can be PLAINTEXT or SSL, not SASL_PLAINTEXT',
    ],
    [
      { listenerSecurityProtocolMap: 'REST:TLS' },
      'listener.security.protocol.map',
      '"REST:TLS" is not NAME:PROTOCOL, with one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL',
    ],
  ])('refuses %j', (properties, property, message) => {
    expect(() => listenersOf(properties)).toThrow(ListenerError);
    expect(() => listenersOf(properties)).toThrow(expect.objectContaining({ property, message }));
  });
});
