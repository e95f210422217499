import { errorByCode } from '@barnabas/model';
import { encodeConfig } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { ID_A, ID_B } from '../../support/topics/asked.ts';
import { LOSSES, losingSession } from '../../support/topics/losing-session.ts';
import { TopicLab, topicOf } from '../../support/topics/topic-lab.ts';

const [SET, DELETE, APPEND] = [0, 1, 2] as const;
const TOPIC = 2;
const BROKER = 4;
const PATH = '/config/topics/t';

type Change = readonly [name: string, operation: number, value: string | null];
type Resource = { readonly type: number; readonly name: string; readonly changes: readonly Change[] };

const topic = (name: string, ...changes: readonly Change[]): Resource => ({ type: TOPIC, name, changes });
const incremental = (resources: readonly Resource[], validateOnly = false) => ({
  resources: resources.map(({ type, name, changes }) => ({
    resourceType: type,
    resourceName: name,
    configs: changes.map(([name, configOperation, value]) => ({ name, configOperation, value })),
  })),
  validateOnly,
});
const whole = (resources: readonly Resource[], validateOnly = false) => ({
  resources: resources.map(({ type, name, changes }) => ({
    resourceType: type,
    resourceName: name,
    configs: changes.map(([name, , value]) => ({ name, value })),
  })),
  validateOnly,
});

describe('IncrementalAlterConfigs', () => {
  it('changes what is named, leaves the rest, and tells everyone', async () => {
    const lab = await labWithTopic({ 'retention.ms': '-1', 'segment.bytes': '2828', 'index.interval.bytes': '307' });
    const changes = topic('t', ['max.message.bytes', SET, '900000'], ['min.insync.replicas', SET, '2']);
    expect(await incrementally(lab, changes)).toEqual(['NONE']);
    // As Kafka has it in its own tree, after the same.
    expect(lab.ensemble.textOf(PATH)).toBe(
      '{"version":1,"config":{"max.message.bytes":"900000","min.insync.replicas":"2","retention.ms":"-1","segment.bytes":"2828","index.interval.bytes":"307"}}',
    );
    const [notification = ''] = lab.ensemble.pathsBelow('/config/changes');
    expect(lab.ensemble.textOf(notification)).toBe('{"version":2,"entity_path":"topics/t"}');
    expect(await incrementally(lab, topic('t', ['min.insync.replicas', DELETE, null]))).toEqual(['NONE']);
    expect(lab.ensemble.textOf(PATH)).not.toContain('min.insync.replicas');
  });

  it('works for a topic for which nothing was ever set', async () => {
    const lab = await labWithTopic();
    await lab.ensemble.run(lab.session.delete(PATH, -1));
    expect(await incrementally(lab, topic('t', ['cleanup.policy', APPEND, 'compact']))).toEqual(['NONE']);
    expect(lab.ensemble.textOf(PATH)).toBe('{"version":1,"config":{"cleanup.policy":"delete,compact"}}');
  });

  it('loses no change of those made at the same time', async () => {
    const lab = await labWithTopic();
    const others = [lab, await lab.newNeighbour(), await lab.newNeighbour()];
    const names = ['retention.ms', 'segment.bytes', 'max.message.bytes'] as const;
    const answers = await lab.ensemble.run(
      Promise.all(
        others.map((each, index) =>
          each.begin('IncrementalAlterConfigs', incremental([topic('t', [names[index] ?? '', SET, '1000'])])),
        ),
      ),
    );
    expect(answers.flatMap(({ responses }) => responses.map(({ errorCode }) => errorCode))).toEqual([0, 0, 0]);
    for (const name of names) expect(lab.ensemble.textOf(PATH)).toContain(`"${name}":"1000"`);
    expect(lab.ensemble.pathsBelow('/config/changes')).toHaveLength(3);
  });

  it.each(LOSSES)('does it once or more with the same end, whichever request is lost (%s)', async (loss) => {
    for (const lost of [1, 2, 3]) {
      const lab = await labWithTopic({ 'cleanup.policy': 'delete' });
      const losing = losingSession(lab.session, lost, loss);
      lab.coordination.session = losing.session;
      expect(await incrementally(lab, topic('t', ['cleanup.policy', APPEND, 'compact']))).toEqual(['NONE']);
      expect(lab.ensemble.textOf(PATH)).toBe('{"version":1,"config":{"cleanup.policy":"delete,compact"}}');
      if (lost === 3) expect(losing.hasLostWrite()).toBe(true);
    }
  });

  it('sets nothing for another topic that took the name while it had no connection', async () => {
    const lab = await labWithTopic();
    const losing = losingSession(lab.session, 3, 'request', async () => {
      await lab.session.delete('/brokers/topics/t', -1);
      await lab.session.create('/brokers/topics/t', Buffer.from(`{"version":3,"partitions":{},"topic_id":"${ID_B}"}`));
    });
    lab.coordination.session = losing.session;
    expect(await incrementally(lab, topic('t', ['retention.ms', SET, '5']))).toEqual(['REQUEST_TIMED_OUT']);
    expect(losing.hasLostWrite()).toBe(true);
    expect(lab.ensemble.textOf(PATH)).toBe('{"version":1,"config":{}}');
  });

  it.each([
    true,
    false,
  ])('leaves nothing set for a topic that goes at the same time (was something set: %s)', async (isSet) => {
    const lab = await labWithTopic();
    if (!isSet) await lab.ensemble.run(lab.session.delete(PATH, -1));
    const answering = lab.begin('IncrementalAlterConfigs', incremental([topic('t', ['retention.ms', SET, '5'])]));
    const gone = ['/brokers/topics/t', ...(isSet ? [PATH] : [])];
    await lab.ensemble.run(lab.session.multi(gone.map((path) => ({ type: 'delete', path, version: -1 }))));
    const { responses } = await lab.ensemble.run(answering);
    expect(errorByCode(responses[0]?.errorCode ?? 0).name).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(lab.ensemble.textOf(PATH)).toBeUndefined();
    expect(lab.ensemble.pathsBelow('/config/changes')).toEqual([]);
  });
});

describe('AlterConfigs', () => {
  it('replaces the whole', async () => {
    const lab = await labWithTopic({ 'retention.ms': '1', 'segment.bytes': '1000' });
    const { responses } = await lab.ask('AlterConfigs', whole([topic('t', ['segment.ms', SET, '7'])]));
    expect(responses).toEqual([{ errorCode: 0, errorMessage: null, resourceType: TOPIC, resourceName: 't' }]);
    expect(lab.ensemble.textOf(PATH)).toBe('{"version":1,"config":{"segment.ms":"7"}}');
    expect(lab.ensemble.pathsBelow('/config/changes')).toHaveLength(1);
  });

  it('mends what cannot be read any more; single changes of that are refused', async () => {
    const lab = await labWithTopic();
    await lab.write(PATH, '{"config":');
    const change = topic('t', ['segment.ms', SET, '7']);
    expect(await incrementally(lab, change)).toEqual(['UNKNOWN_SERVER_ERROR']);
    expect(lab.ensemble.textOf(PATH)).toBe('{"config":');
    const { responses } = await lab.ask('AlterConfigs', whole([change]));
    expect(responses[0]?.errorCode).toBe(0);
    expect(lab.ensemble.textOf(PATH)).toBe('{"version":1,"config":{"segment.ms":"7"}}');
  });

  it.each([0, 1, 2])('answers version %i', async (version) => {
    const lab = await labWithTopic();
    const request = whole([topic('t', ['segment.ms', SET, '7']), topic('none')]);
    const { responses } = await lab.ask('AlterConfigs', request, version);
    expect(responses.map(({ errorCode }) => errorCode)).toEqual([0, 3]);
  });
});

const ROWS: readonly [what: string, resources: readonly Resource[], error: string, message: RegExp][] = [
  [
    'a topic that is not there',
    [topic('none', ['retention.ms', SET, '1'])],
    'UNKNOWN_TOPIC_OR_PARTITION',
    /no topic none/,
  ],
  ['a name that is none', [topic('../t')], 'INVALID_TOPIC_EXCEPTION', /cannot be called/],
  ['all topics', [topic('')], 'INVALID_REQUEST', /Name the topic/],
  ['a broker', [{ type: BROKER, name: '1', changes: [] }], 'INVALID_REQUEST', /does not change while it runs/],
  ['a logger', [{ type: 8, name: '1', changes: [] }], 'INVALID_REQUEST', /type 8 cannot be altered/],
  ['a topic twice', [topic('t'), topic('t')], 'INVALID_REQUEST', /more than once/],
  [
    'a property twice',
    [topic('t', ['a', SET, '1'], ['a', DELETE, '1'])],
    'INVALID_REQUEST',
    /property of the topic more/,
  ],
  ['no value', [topic('t', ['retention.ms', SET, null])], 'INVALID_REQUEST', /"retention.ms" needs a value/],
  [
    'an unknown property',
    [topic('t', ['no.such', SET, '1'])],
    'INVALID_CONFIG',
    /no.such: a topic has no such property/,
  ],
  [
    "a broker's name",
    [topic('t', ['log.segment.bytes', SET, '1'])],
    'INVALID_CONFIG',
    /the broker's name for segment.bytes/,
  ],
  [
    'a bad value',
    [topic('t', ['retention.ms', SET, '-2'])],
    'INVALID_CONFIG',
    /retention.ms: "-2" is not an integer from -1/,
  ],
];

describe.each(['IncrementalAlterConfigs', 'AlterConfigs'] as const)('%s refuses', (api) => {
  const ask = async (lab: TopicLab, resources: readonly Resource[], validateOnly: boolean) => {
    if (api === 'AlterConfigs') return (await lab.ask(api, whole(resources, validateOnly))).responses;
    return (await lab.ask(api, incremental(resources, validateOnly))).responses;
  };

  it.each(ROWS)('%s, and writes nothing', async (_what, resources, error, message) => {
    const lab = await labWithTopic();
    const before = lab.ensemble.tree();
    for (const validateOnly of [false, true]) {
      const responses = await ask(lab, resources, validateOnly);
      expect(responses.map(({ errorCode }) => errorByCode(errorCode).name)).toEqual(resources.map(() => error));
      expect(responses[0]?.errorMessage).toMatch(message);
    }
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('nothing that is right, but writes nothing where it should only look', async () => {
    const lab = await labWithTopic();
    const before = lab.ensemble.tree();
    const responses = await ask(lab, [topic('t', ['retention.ms', SET, '1'])], true);
    expect(responses.map(({ errorCode }) => errorCode)).toEqual([0]);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('everything without a session: ask again', async () => {
    const lab = await labWithTopic();
    const { session } = lab;
    const change = [topic('t', ['retention.ms', SET, '1'])];
    const errors: number[] = [];
    lab.coordination.session = undefined;
    errors.push(...(await ask(lab, change, false)).map(({ errorCode }) => errorCode));
    lab.coordination.session = session;
    lab.ensemble.zookeeper.expire(session.sessionId);
    errors.push(...(await ask(lab, change, false)).map(({ errorCode }) => errorCode));
    expect(errors.map((code) => errorByCode(code).name)).toEqual(Array(2).fill('COORDINATOR_NOT_AVAILABLE'));
    expect(lab.ensemble.textOf(PATH)).toBe('{"version":1,"config":{}}');
  });
});

async function incrementally(lab: TopicLab, ...resources: readonly Resource[]): Promise<string[]> {
  const { responses } = await lab.ask('IncrementalAlterConfigs', incremental(resources));
  return responses.map(({ errorCode }) => errorByCode(errorCode).name);
}

async function labWithTopic(config: Readonly<Record<string, string>> = {}): Promise<TopicLab> {
  const lab = await TopicLab.start();
  await lab.have('t', topicOf(ID_A, 1, [1]), {});
  await lab.write(PATH, encodeConfig(new Map(Object.entries(config))));
  return lab;
}
