import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { CREATE_FLAGS, OPEN_ACL, type Request, startZooKeeperServer, type ZooKeeperServer } from '@barnabas/zookeeper';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import type { Ensemble } from '../support/zookeeper/ensemble.ts';
import { fourLetterWord } from '../support/zookeeper/four-letter-word.ts';
import { RawClient } from '../support/zookeeper/raw-client.ts';
import { realZooKeeper } from '../support/zookeeper/real-zookeeper.ts';

const TICK_MS = 2000;

type Address = { readonly host: string; readonly port: number };

/** What a server answers when clients have done the same on each. */
type Answers = Readonly<
  Record<'before' | 'srvr' | 'stat' | 'cons' | 'wchs' | 'mntr' | 'conf' | 'envi' | 'isro' | 'ruok', string>
>;

const create = (path: string, mode: keyof typeof CREATE_FLAGS): Request => ({
  op: 'create',
  path,
  data: Buffer.from('twelve bytes'),
  acl: OPEN_ACL,
  flags: CREATE_FLAGS[mode],
});

const REQUESTS: readonly Request[] = [
  create('/a', 'persistent'),
  create('/a/b', 'ephemeral'),
  create('/a/s-', 'persistentSequential'),
  create('/a', 'persistent'),
  { op: 'getData', path: '/a', watch: true },
  { op: 'getChildren2', path: '/a', watch: true },
  { op: 'exists', path: '/none', watch: true },
  { op: 'exists', path: '/none/either', watch: false },
  { op: 'setData', path: '/a/b', data: Buffer.alloc(300), version: -1 },
  { op: 'ping' },
  { op: 'multi', ops: [{ op: 'check', path: '/a', version: 0 }] },
];

async function session(server: Address, requests: readonly Request[]): Promise<RawClient> {
  const client = await RawClient.open(server.host, server.port);
  client.connect({
    protocolVersion: 0,
    lastZxidSeen: 0,
    timeoutMs: 12_000,
    sessionId: 0n,
    password: null,
    readOnly: false,
  });
  await client.next();
  for (const request of requests) await client.untilReply(client.send(request));
  return client;
}

async function answersOf(server: Address): Promise<Answers> {
  const ask = async (word: string) => (await fourLetterWord(server.host, server.port, word)) ?? '';
  const before = await ask('srvr');
  const clients = [
    await session(server, REQUESTS),
    await session(server, [{ op: 'getData', path: '/a', watch: true }]),
  ];
  const words = ['srvr', 'stat', 'cons', 'wchs', 'mntr', 'conf', 'envi', 'isro', 'ruok'] as const;
  const answers: Record<string, string> = { before };
  for (const word of words) answers[word] = await ask(word);
  for (const client of clients) client.cut();
  return answers as Answers;
}

/** What differs between any two servers, or between any two runs, as a letter. */
const comparable = (answer: string): string =>
  answer
    .replace(/^(Zookeeper version: ).*$/m, '$1V')
    .replace(/^(Latency min\/avg\/max: )\d+\/\d+\.\d+\/\d+$/m, '$1N/N.N/N')
    .replace(/^ \/[\d.]+:\d+/gm, ' /CLIENT')
    .replace(/sid=0x[0-9a-f]+/g, 'sid=S')
    .replace(/\b(est|lresp|llat|minlat|avglat|maxlat)=\d+/g, '$1=N');

const countOf = (name: string, answer: string): number =>
  Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(answer)?.[1]);

const rowsOf = (answer: string, separator: string): Map<string, string> =>
  new Map(
    answer
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(separator)), line.slice(line.indexOf(separator) + 1)]),
  );

await describeWithZooKeeper('the four-letter words, beside those of a real server', 'servers', () => {
  let ensemble: Ensemble | undefined;
  let embedded: ZooKeeperServer | undefined;
  let [real, ours]: Answers[] = [];

  beforeAll(async () => {
    ensemble = await realZooKeeper({ servers: 1, tickTimeMs: TICK_MS });
    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const surroundings = { clock: systemClock, scheduler: systemScheduler, random: systemRandom, logger };
    embedded = await startZooKeeperServer({ ...surroundings, port: 0, tickTimeMs: TICK_MS, maxClientConnections: 0 });
    real = await answersOf(await ensemble.leader());
    ours = await answersOf(embedded);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([ensemble?.stop(), embedded?.close()]);
  });

  const both = (): { real: Answers; ours: Answers } => {
    if (real === undefined || ours === undefined) throw new Error('one of the servers has not answered');
    return { real, ours };
  };

  it.each(['ruok', 'isro', 'wchs'] as const)('%s', (word) => {
    const { real, ours } = both();
    expect(ours[word]).toBe(real[word]);
  });

  it.each(['stat', 'cons'] as const)('%s, as to connections', (word) => {
    const { real, ours } = both();
    // A real server tells of them in no order.
    const linesOf = (answer: string) =>
      comparable(answer)
        .split('\n')
        .filter((line) => line.startsWith(' /'))
        .sort();
    expect(linesOf(ours[word])).toEqual(linesOf(real[word]));
  });

  it('srvr', () => {
    const { real, ours } = both();
    const sinceBefore = (answers: Answers) =>
      ['Received', 'Sent'].map((name) => countOf(name, answers.srvr) - countOf(name, answers.before));
    expect(sinceBefore(ours)).toEqual(sinceBefore(real));
    const withoutCounts = (answer: string) =>
      comparable(answer).replace(/^(Received|Sent|Connections): \d+$/gm, '$1: N');
    expect(withoutCounts(ours.srvr)).toBe(withoutCounts(real.srvr));
  });

  it('mntr: every name is one of the real ones, and what does not depend on time has the same value', () => {
    const { real, ours } = both();
    const [realRows, ourRows] = [rowsOf(real.mntr, '\t'), rowsOf(ours.mntr, '\t')];
    expect([...ourRows.keys()].filter((name) => !realRows.has(name))).toEqual([]);
    const names = [
      'server_state',
      'znode_count',
      'watch_count',
      'ephemerals_count',
      'approximate_data_size',
      'global_sessions',
      'local_sessions',
      'outstanding_requests',
      'max_client_response_size',
      'auth_failed_count',
      'max_file_descriptor_count',
    ].map((name) => `zk_${name}`);
    const valuesIn = (rows: Map<string, string>) => names.map((name) => [name, rows.get(name)]);
    expect(valuesIn(ourRows)).toEqual(valuesIn(realRows));
  });

  it('conf: what both tell is the same', () => {
    const { real, ours } = both();
    const [realRows, ourRows] = [rowsOf(real.conf, '='), rowsOf(ours.conf, '=')];
    for (const name of ['tickTime', 'maxClientCnxns', 'minSessionTimeout']) {
      expect([name, ourRows.get(name)]).toEqual([name, realRows.get(name)]);
    }
  });

  it('envi begins with the version', () => {
    const { real, ours } = both();
    const beginning = /^Environment:\nzookeeper\.version=3\.8\.\d/;
    expect([ours.envi, real.envi]).toEqual([expect.stringMatching(beginning), expect.stringMatching(beginning)]);
  });
});
