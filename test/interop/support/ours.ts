import { brokerId, DEFAULT_LOG_CONFIG, type LogConfig, type TopicPartition } from '@barnabas/model';
import { type Log, LogManager, type LogManagerOptions, nodeFileSystem } from '@barnabas/storage';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { consumerOffsets } from './contents/consumer-offsets.ts';
import { type Content, SMALL } from './contents/content.ts';
import { PLAIN_CONTENTS } from './contents/plain.ts';
import { PRODUCER_CONTENTS } from './contents/producers.ts';
import { RecordSource } from './contents/records.ts';
import { Scribe } from './scribe.ts';

export const BROKER_ID = brokerId(1);
export const CLUSTER_ID = 'iNTeRoPoFbArNaBaSAAAAA';

/** The topic of which each partition is about something else, so that one consumer reads all there is. */
export const TOPIC = 'ours';
export const OFFSETS_TOPIC = '__consumer_offsets';

export type Topic = { readonly name: string; readonly id: string; readonly contents: readonly Content[] };

export const TOPICS: readonly Topic[] = [
  { name: TOPIC, id: 'oUrSoUrSoUrSoUrSoUrSAA', contents: [...PLAIN_CONTENTS, ...PRODUCER_CONTENTS] },
  { name: OFFSETS_TOPIC, id: 'oFfSeTsOfFsEtSoFfSeTsA', contents: [consumerOffsets(TOPIC)] },
];

/** Where the records' timestamps begin, before the time at which they are written. */
const RECORDS_BEGIN_MS = 3_600_000;

/** The number of the partition that is about `name`. */
export const partitionAbout = (name: string): number => {
  const found = TOPICS[0]?.contents.findIndex((content) => content.name === name) ?? -1;
  if (found < 0) throw new Error(`no partition is about ${name}`);
  return found;
};

export const contentOf = ({ topic, partition }: TopicPartition): Content => {
  const content = TOPICS.find(({ name }) => name === topic)?.contents[partition];
  if (content === undefined) throw new Error(`there is no ${topic}-${partition}`);
  return content;
};

const configOf = (topicPartition: TopicPartition): LogConfig => ({
  ...DEFAULT_LOG_CONFIG,
  ...SMALL,
  ...contentOf(topicPartition).config,
});

/** Opens log directory `dir` as broker BROKER_ID. Nothing happens by itself: the clock stands at `nowMs`. */
export const openOurs = async (
  dir: string,
  nowMs: number,
  flushMode: LogManagerOptions['flushMode'] = 'group',
): Promise<{ manager: LogManager; clock: SimulatedClock }> => {
  const clock = new SimulatedClock(nowMs);
  const manager = await LogManager.open({
    dirs: [dir],
    fs: nodeFileSystem,
    clock,
    scheduler: new SimulatedScheduler(clock),
    random: seededRandom(1),
    flushMode,
    configOf,
    identity: { brokerId: BROKER_ID, clusterId: CLUSTER_ID },
  });
  await manager.claim();
  return { manager, clock };
};

/** The time at which the first records were written, for a directory that is filled at `nowMs`. */
export const firstTimestamp = (nowMs: number): number => nowMs - RECORDS_BEGIN_MS;

/** Makes the partitions of all topics in an empty directory: the same bytes for the same `nowMs`. */
export const fill = async (manager: LogManager, clock: SimulatedClock, nowMs: number): Promise<Scribe[]> => {
  const scribes: Scribe[] = [];
  for (const { name: topic, id, contents } of TOPICS) {
    for (const partition of contents.keys()) {
      scribes.push(new Scribe(await manager.create({ topic, partition }, id), clock));
    }
  }
  await Promise.all(
    scribes.map(async (scribe, index) => {
      const source = new RecordSource(seededRandom(index), firstTimestamp(nowMs));
      await contentOf(scribe.log.topicPartition).fill(scribe, source);
      scribe.log.updateHighWatermark(scribe.log.endOffset);
    }),
  );
  return scribes;
};

export const logOf = (manager: LogManager, topicPartition: TopicPartition): Log => {
  const log = manager.get(topicPartition);
  if (log === undefined) throw new Error(`${topicPartition.topic}-${topicPartition.partition} is not open`);
  return log;
};
