import { describe, expect, it } from 'vitest';
import {
  answerTo,
  FOUR_LETTER_WORDS,
  type FourLetterWord,
  isKnownWord,
} from '../../../src/server/four-letter/four-letter-words.ts';
import type { ServerView } from '../../../src/server/four-letter/server-view.ts';
import { Latency } from '../../../src/server/tcp/latency.ts';
import { Traffic } from '../../../src/server/tcp/traffic.ts';

const ALL = new Set(FOUR_LETTER_WORDS);

function latencyOf(...durationsMs: number[]): Latency {
  const latency = new Latency();
  for (const durationMs of durationsMs) latency.add(durationMs);
  return latency;
}

/** The server of the answers that Apache ZooKeeper 3.8.0 gave in the same situation, which the tests below quote. */
function view(): ServerView {
  const traffic = new Traffic();
  for (const durationMs of [7, 3, 2, 1.4, 1, 1, 0, 1]) traffic.latency.add(durationMs);
  traffic.packetsReceived = 14;
  traffic.packetsSent = 13;
  const connection = { remoteHost: '127.0.0.1', isRead: true, isWritePending: false, outstanding: 0 };
  const session = {
    id: 0x10000b3b7200000n,
    timeoutMs: 10_000,
    establishedMs: 1795273787667,
    lastOp: 'EXIS',
    lastCxid: 6,
    lastZxid: 3,
    lastResponseMs: 11803114.7,
    lastLatencyMs: 0.3,
    latency: latencyOf(0, 2, 7),
  };
  return {
    version: '3.8.0',
    uptimeMs: 25385.4,
    config: {
      host: '127.0.0.1',
      port: 21811,
      dataDir: '/var/lib/zookeeper',
      tickTimeMs: 2000,
      minSessionTimeoutMs: 4000,
      maxSessionTimeoutMs: 40_000,
      maxClientConnections: 60,
    },
    tree: {
      lastZxid: 0x1f,
      znodes: 7,
      ephemerals: 1,
      sessions: 1,
      approximateBytes: 53,
      watches: 3,
      dataWatches: { connections: 1, paths: 2, total: 2 },
    },
    traffic,
    outstandingRequests: 0,
    connections: [
      { ...connection, remotePort: 50132, received: 7, sent: 7, session },
      { ...connection, remotePort: 50174, isRead: false, received: 1, sent: 0, session: undefined },
    ],
    snapshotsTaken: 2,
  };
}

describe('the four-letter words', () => {
  it('answers ruok and isro by a word', () => {
    expect([answerTo('ruok', view(), ALL), answerTo('isro', view(), ALL)]).toEqual(['imok', 'rw']);
  });

  it('answers srvr', () => {
    expect(answerTo('srvr', view(), ALL)).toBe(
      [
        'Zookeeper version: 3.8.0',
        'Latency min/avg/max: 0/2.0/7',
        'Received: 14',
        'Sent: 13',
        'Connections: 2',
        'Outstanding: 0',
        'Zxid: 0x1f',
        'Mode: standalone',
        'Node count: 7\n',
      ].join('\n'),
    );
  });

  it('answers stat: srvr with the connections before it', () => {
    const [version, ...rest] = answerTo('srvr', view(), ALL).split('\n');
    expect(answerTo('stat', view(), ALL)).toBe(
      [
        version,
        'Clients:',
        ' /127.0.0.1:50132[1](queued=0,recved=7,sent=7)',
        ' /127.0.0.1:50174[0](queued=0,recved=1,sent=0)',
        '',
        ...rest,
      ].join('\n'),
    );
  });

  it('answers cons', () => {
    expect(answerTo('cons', view(), ALL)).toBe(
      [
        ' /127.0.0.1:50132[1](queued=0,recved=7,sent=7,sid=0x10000b3b7200000,lop=EXIS,est=1795273787667,to=10000,lcxid=0x6,lzxid=0x3,lresp=11803114,llat=0,minlat=0,avglat=3,maxlat=7)',
        ' /127.0.0.1:50174[0](queued=0,recved=1,sent=0)',
        '\n',
      ].join('\n'),
    );
  });

  it('answers wchs', () => {
    expect(answerTo('wchs', view(), ALL)).toBe('1 connections watching 2 paths\nTotal watches:2\n');
  });

  it('answers mntr by names and values with a tab between', () => {
    const answer = answerTo('mntr', view(), ALL);
    expect(answer.endsWith('\n')).toBe(true);
    const values = Object.fromEntries(
      answer
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')),
    );
    expect(values).toMatchObject({
      zk_version: '3.8.0',
      zk_server_state: 'standalone',
      zk_avg_latency: '2.0',
      zk_max_latency: '7',
      zk_min_latency: '0',
      zk_packets_received: '14',
      zk_packets_sent: '13',
      zk_num_alive_connections: '2',
      zk_outstanding_requests: '0',
      zk_znode_count: '7',
      zk_watch_count: '3',
      zk_ephemerals_count: '1',
      zk_approximate_data_size: '53',
      zk_global_sessions: '1',
      zk_uptime: '25385',
      zk_last_client_response_size: '-1',
    });
  });

  it('prints an average with four digits at most', () => {
    const some = view();
    some.traffic.latency.add(1);
    expect(answerTo('srvr', some, ALL)).toContain('min/avg/max: 0/1.8889/7');
  });

  it('answers conf by the properties of a zoo.cfg', () => {
    expect(answerTo('conf', view(), ALL)).toContain('clientPort=21811\n');
    expect(answerTo('conf', view(), ALL)).toContain('dataDir=/var/lib/zookeeper\n');
    expect(answerTo('conf', view(), ALL)).toContain('maxSessionTimeout=40000\n');
  });

  it('answers envi with the version, where clients look for it', () => {
    expect(answerTo('envi', view(), ALL)).toMatch(/^Environment:\nzookeeper\.version=3\.8\.0\n/);
  });

  it('refuses a word that is not allowed, and those of ZooKeeper that it does not have', () => {
    const allowed = new Set<FourLetterWord>(['srvr']);
    expect(answerTo('stat', view(), allowed)).toBe('stat is not executed because it is not in the whitelist.\n');
    expect(answerTo('dump', view(), ALL)).toBe('dump is not executed because it is not in the whitelist.\n');
    expect([isKnownWord('dump'), isKnownWord('stat'), isKnownWord('nope'), isKnownWord('toString')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
