import { brokerId } from '@barnabas/model';
import { type PeerClient, PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { NO_LOG } from '../../src/logger.ts';
import { BrokerPeers } from '../../src/peers/broker-peers.ts';
import { recordingLog } from '../support/recording-log.ts';
import { broker, newCache, updateMetadata } from '../support/update-metadata.ts';

const B2 = brokerId(2);
const OPTIONS = { deadlineMs: 1000 };

describe('BrokerPeers', () => {
  it('dials a live broker at its listener for peers, once for all requests', async () => {
    const { peers, dialled } = begin();
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    expect(dialled.map(({ to, sent }) => [to, sent])).toEqual([['2 at b2:9192', 2]]);
  });

  it('refuses to send to a broker that is not alive', async () => {
    const { peers, dialled } = begin();
    const sending = peers.send(brokerId(7), 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    await expect(sending).rejects.toMatchObject({ name: 'PeerError', outcome: 'refused', failure: 'unreachable' });
    expect(dialled).toEqual([]);
  });

  it('closes the connection to a broker that goes, and dials again when it is back', async () => {
    const { peers, cache, dialled } = begin();
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    cache.update(updateMetadata({ liveBrokers: [broker(1), broker(3)] }));
    expect(dialled.map(({ closed }) => closed)).toEqual([true]);
    cache.update(updateMetadata());
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    expect(dialled.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it.each([
    ['host', { host: 'elsewhere' }],
    ['port', { port: 1 }],
    ['security protocol', { securityProtocol: 1 }],
  ])('dials again where a broker has another %s', async (_, change) => {
    const { peers, cache, dialled } = begin();
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    const endpoint = { host: 'b2', port: 9192, listener: 'PEERS', securityProtocol: 0, ...change };
    cache.update(updateMetadata({ liveBrokers: [{ id: 2, endpoints: [endpoint], rack: null }] }));
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    expect(dialled.map(({ closed }) => closed)).toEqual([true, false]);
    expect(dialled[1]?.to).toBe(`2 at ${endpoint.host}:${endpoint.port}`);
  });

  it('keeps a connection whose broker stays where it is', async () => {
    const { peers, cache, dialled } = begin();
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    cache.update(updateMetadata({ liveBrokers: [{ ...broker(2), rack: 'another' }] }));
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    expect(dialled.map(({ sent }) => sent)).toEqual([2]);
  });

  it('closes every connection at the end, and refuses what comes after', async () => {
    const { peers, cache, dialled } = begin();
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    await peers.send(brokerId(3), 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    await peers.close();
    expect(dialled.map(({ closed }) => closed)).toEqual([true, true]);
    cache.update(updateMetadata({ liveBrokers: [] }));
    await expect(peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS)).rejects.toMatchObject({ failure: 'closed' });
  });

  it('says so where a connection cannot be closed, and ends all the same', async () => {
    const log = recordingLog();
    const { peers } = begin({ log, close: () => Promise.reject(new Error('no')) });
    await peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS);
    await peers.close();
    expect(log.lines).toEqual(['warn: could not close the connection']);
  });

  it('hands on why there was no answer', async () => {
    const failure = new PeerError('unknown', 'deadline', 'late');
    const { peers } = begin({ send: () => Promise.reject(failure) });
    await expect(peers.send(B2, 'Heartbeat', 4, HEARTBEAT, OPTIONS)).rejects.toBe(failure);
  });
});

const HEARTBEAT = { groupId: 'g', generationId: 1, memberId: 'm' };

type Dialled = { readonly to: string; sent: number; closed: boolean };

function begin({
  log = NO_LOG,
  send = () => Promise.resolve(undefined as never),
  close = () => Promise.resolve(),
}: {
  log?: typeof NO_LOG;
  send?: PeerClient['send'];
  close?: PeerClient['close'];
} = {}) {
  const { cache } = newCache();
  cache.update(updateMetadata());
  const dialled: Dialled[] = [];
  const peers = new BrokerPeers({
    cluster: cache,
    listener: 'PEERS',
    log,
    connect: ({ host, port }, id) => {
      const entry: Dialled = { to: `${id} at ${host}:${port}`, sent: 0, closed: false };
      dialled.push(entry);
      return {
        send: (...args) => {
          entry.sent++;
          return send(...args);
        },
        close: () => {
          entry.closed = true;
          return close();
        },
      };
    },
  });
  return { peers, cache, dialled };
}
