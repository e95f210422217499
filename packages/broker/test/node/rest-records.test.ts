import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../rest/support/event-client.ts';
import { answerTo, type Topic } from '../support/node/http.ts';
import { LocalEnsemble, type StartedServer } from '../support/node/local-ensemble.ts';

const TOPIC = 'orders';
const PARTITIONS = 3;

let ensemble: LocalEnsemble;
let servers: StartedServer[] = [];

beforeAll(async () => {
  ensemble = await LocalEnsemble.start();
  servers = await Promise.all([1, 2, 3].map((id) => ensemble.startBroker(ensemble.properties(id))));
  await answerTo<Topic>(urlOf(0), 'PUT', `/v1/topics/${TOPIC}`, { partitions: PARTITIONS });
});

afterAll(() => ensemble.close());

const urlOf = (index: number): string => servers[index % servers.length]?.url ?? '';

/** Through any broker, whoever leads. */
const append = (through: number, partition: number, value: string, headers: Record<string, string> = {}) =>
  fetch(`${urlOf(through)}/v1/topics/${TOPIC}/partitions/${partition}/records`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...headers },
    body: value,
  });

type Line = { readonly partition: number; readonly offset: number; readonly value: unknown };

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('three brokers', () => {
  it('let exactly one of those append who expect the same offset, through whichever broker', async () => {
    for (let offset = 0; offset < 12; offset += 1) {
      const racers = [0, 1, 2, 3, 4, 5].map((i) => append(i, 0, `${offset}-${i}`, { 'if-match': `"${offset}"` }));
      const responses = await Promise.all(racers);
      const winners = responses.filter(({ status }) => status === 200);
      expect(responses.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
      expect(winners[0]?.headers.get('next-offset')).toBe(String(offset + 1));
    }
    const url = `${urlOf(1)}/v1/topics/${TOPIC}/partitions/0/records`;
    const lines = linesOf(await (await fetch(url)).text());
    expect(lines.map(({ value }) => String(value).split('-')[0])).toEqual(Array.from({ length: 12 }, (_, i) => `${i}`));
  });

  it('answer a repeated request with the offsets and the time of the first, also where it expects an offset', async () => {
    const producer = await answerTo<{ producerId: number; producerEpoch: number }>(urlOf(0), 'POST', '/v1/producers');
    const { headers: found } = await fetch(`${urlOf(0)}/v1/topics/${TOPIC}/partitions/1/records?offset=latest`);
    const headers = {
      'producer-id': String(producer.producerId),
      'producer-epoch': String(producer.producerEpoch),
      'producer-seq': '0',
      'if-match': found.get('next-offset') ?? '',
    };
    const first = await (await append(0, 1, 'once', headers)).json();
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const through of [0, 1, 2]) expect(await (await append(through, 1, 'once', headers)).json()).toEqual(first);
  });

  it('read all partitions at once, and on from where any of them has said', async () => {
    for (let i = 0; i < 9; i += 1) expect((await append(i, i % PARTITIONS, `${i}`)).status).toBe(200);
    const all: Line[] = [];
    let next = 'earliest';
    for (let i = 0, isOver = false; !isOver; i += 1) {
      const response = await fetch(`${urlOf(i)}/v1/topics/${TOPIC}/records?limit=4&offset=${next}`);
      expect(response.status).toBe(200);
      all.push(...linesOf(await response.text()));
      next = response.headers.get('next-offset') ?? '';
      isOver = response.headers.get('up-to-date') === 'true';
    }
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const url = `${urlOf(0)}/v1/topics/${TOPIC}/partitions/${partition}/records`;
      const expected = linesOf(await (await fetch(url)).text());
      expect(all.filter((line) => line.partition === partition)).toEqual(expected);
    }
  });

  it('stream all partitions over the departure of a leader, every record once and in order', async () => {
    const { events, ending } = await open(`${urlOf(0)}/v1/topics/${TOPIC}/records`);
    expect((await events.next()).value).toEqual({ retry: '1000' });
    const seen: unknown[][] = [[], [], []];
    const watch = async (until: number) => {
      while (seen.reduce((sum, { length }) => sum + length, 0) < until) {
        const { data } = (await events.next()).value ?? {};
        if (data === undefined) continue;
        const { partition, value } = JSON.parse(data);
        seen[partition]?.push(value);
      }
    };
    const expected = [0, 1, 2].map((partition) => Array.from({ length: 10 }, (_, i) => `${partition}-${i}`));
    const half = 15;
    for (let i = 0; i < half; i += 1) await appendOk(i % 3, `${i % 3}-${Math.floor(i / 3)}`);
    await watch(half);
    await servers.pop()?.close();
    for (let i = half; i < 2 * half; i += 1) await appendOk(i % 3, `${i % 3}-${Math.floor(i / 3)}`);
    await watch(2 * half);
    expect(seen).toEqual(expected);
    ending.abort();
  });
});

const appendOk = async (partition: number, value: string) => {
  expect((await append(0, partition, value)).status).toBe(200);
};
