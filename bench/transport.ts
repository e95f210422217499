/** Measures the port between brokers beside bare TCP and beside one HTTP/2 stream for each request: `--quick`, `--tiny`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printMachine } from './support/machine.ts';
import { alternate, ratios } from './support/rounds.ts';
import { percent, printTable, spread } from './support/table.ts';
import { CASES, type Case } from './transport/cases.ts';
import { bareTcp, peerPort, streamPerRequest, type Way } from './transport/ways.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, tiny: { type: 'boolean', default: false } },
});
const { rounds, roundMs } = values.tiny
  ? { rounds: 1, roundMs: 50 }
  : { rounds: values.quick ? 3 : 7, roundMs: values.quick ? 500 : 1000 };

/** Requests per second, with as many in flight as the case has. */
const perSecond = async (way: Way, asked: Case): Promise<number> => {
  const startMs = performance.now();
  let count = 0;
  const askOn = async (): Promise<void> => {
    while (performance.now() - startMs < roundMs) {
      await way.ask(asked);
      count++;
    }
  };
  await Promise.all(Array.from({ length: asked.inFlight }, askOn));
  return (count / (performance.now() - startMs)) * 1000;
};

const here = dirname(fileURLToPath(import.meta.url));
const child = spawn(process.execPath, [join(here, 'transport/server.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
const ports = JSON.parse(String((await once(child.stdout, 'data'))[0])) as Record<
  'peer' | 'bare' | 'perRequest',
  number
>;
const ways = {
  bare: await bareTcp(ports.bare),
  peer: peerPort(ports.peer),
  perRequest: streamPerRequest(ports.perRequest),
};
printMachine(here);
const rows: string[][] = [];
for (const asked of CASES) {
  // The serving process is another one and busy: no round would count as quiet, so none is taken again.
  const figures = await alternate(
    {
      peer: () => perSecond(ways.peer, asked),
      bare: () => perSecond(ways.bare, asked),
      perRequest: () => perSecond(ways.perRequest, asked),
    },
    rounds,
    rounds,
  );
  const bytes = asked.requestBytes + asked.replyBytes;
  const cell = (perS: number[]): string => `${spread(perS)}; ${spread(perS.map((value) => (value * bytes) / 1e6))}`;
  rows.push([
    asked.name,
    String(asked.inFlight),
    cell(figures.peer),
    cell(figures.bare),
    cell(figures.perRequest),
    spread(ratios(figures.peer, figures.bare), percent),
    spread(ratios(figures.peer, figures.perRequest)),
  ]);
}
const columns = [
  'reply',
  'in flight',
  'peer port',
  'bare TCP',
  'stream per request',
  'peer / bare',
  'peer / per request',
];
printTable('Between brokers: requests per second; MB/s', columns, rows);
for (const way of Object.values(ways)) await way.close();
child.stdin.end();
