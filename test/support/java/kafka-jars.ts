import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const KAFKA_VERSION = '3.9.1';

const SUPPORT = import.meta.dirname;
const CACHE = resolve(SUPPORT, '../../../.cache', `apache-kafka-${KAFKA_VERSION}`);
const PROGRESS_MS = 10_000;
const FETCH_MAX_MS = 10 * 60_000;

/** Whether Kafka has been fetched before, so that Maven is not needed. */
export const kafkaIsFetched = (): boolean => existsSync(CACHE);

/**
 * The class path of Apache Kafka, which Maven fetches the first time and which stays in the cache. Says on standard
 * error what it is doing, because it can take a minute. Rejects with what Maven said where that fails.
 */
export const kafkaClassPath = async (): Promise<string> => {
  if (!kafkaIsFetched()) await fetchKafka();
  return join(CACHE, '*');
};

/** Into a directory of another name first: the cache is either whole or not there. */
const fetchKafka = async (): Promise<void> => {
  const part = `${CACHE}.${process.pid}`;
  mkdirSync(dirname(CACHE), { recursive: true });
  const began = Date.now();
  const seconds = (): number => Math.round((Date.now() - began) / 1000);
  say(`fetching Apache Kafka ${KAFKA_VERSION} with Maven into ${CACHE}`);
  const progress = setInterval(() => say(`still fetching, ${seconds()} s`), PROGRESS_MS);
  try {
    await runMaven(part);
    renameSync(part, CACHE);
    say(`fetched ${readdirSync(CACHE).length} jars in ${seconds()} s`);
  } finally {
    clearInterval(progress);
    rmSync(part, { recursive: true, force: true });
  }
};

const runMaven = async (outputDirectory: string): Promise<void> => {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${outputDirectory}`];
  const maven = spawn('mvn', ['-B', '-ntp', '-f', join(SUPPORT, 'pom.xml'), ...goal], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: FETCH_MAX_MS,
  });
  let output = '';
  maven.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code, signal] = await once(maven, 'close');
  if (code !== 0) throw new Error(`Maven ended with ${signal ?? code}:\n${output}`);
};

const say = (text: string): void => {
  process.stderr.write(`interop: ${text}\n`);
};
