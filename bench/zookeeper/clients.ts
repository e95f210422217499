import { ANY_VERSION, OPEN_ACL } from '@barnabas/zookeeper';
import { alternate, ratios } from '../support/rounds.ts';
import { percent, printTable, spread } from '../support/table.ts';
import { Adapter } from './adapter.ts';
import { BarePackage } from './bare-package.ts';
import { perSecond } from './pipeline.ts';
import type { Scale } from './scale.ts';
import { Wire } from './wire.ts';

const PATH = '/bench-clients';
const DATA = Buffer.alloc(100, 'x');

/** One client on one connection: the adapter, the package as it comes, and frames that were made before. */
export async function measureClients(server: string, { host, port }: Place, scale: Scale): Promise<void> {
  const adapter = await Adapter.connect(`${host}:${port}`);
  const bare = await BarePackage.connect(`${host}:${port}`);
  const wire = await Wire.connect(host, port);
  await wire.call({ op: 'create', path: PATH, data: DATA, acl: OPEN_ACL, flags: 0 });
  const reads = { frame: Wire.frame({ op: 'getData', path: PATH, watch: false }), count: scale.reads };
  const writes = {
    frame: Wire.frame({ op: 'setData', path: PATH, data: DATA, version: ANY_VERSION }),
    count: scale.writes,
  };
  const rows: string[][] = [];
  for (const inFlight of scale.inFlight) {
    const read = await alternate(
      {
        adapter: () => perSecond(reads.count, inFlight, (done) => adapter.get(PATH, done)),
        bare: () => perSecond(reads.count, inFlight, (done) => bare.get(PATH, done)),
        wire: () => perSecond(reads.count, inFlight, (done) => wire.send(reads.frame, done)),
      },
      scale.rounds,
    );
    rows.push(row('get', inFlight, read));
    const write = await alternate(
      {
        adapter: () => perSecond(writes.count, inFlight, (done) => adapter.set(PATH, DATA, done)),
        bare: () => perSecond(writes.count, inFlight, (done) => bare.set(PATH, DATA, done)),
        wire: () => perSecond(writes.count, inFlight, (done) => wire.send(writes.frame, done)),
      },
      scale.rounds,
    );
    rows.push(row('set', inFlight, write));
  }
  await wire.call({ op: 'delete', path: PATH, version: ANY_VERSION });
  wire.close();
  bare.close();
  await adapter.close();
  const columns = ['request', 'in flight', 'adapter /s', 'bare package /s', 'adapter / package', 'ready frames /s'];
  printTable(`One client of ${server}`, columns, rows);
}

export type Place = { readonly host: string; readonly port: number };

type Figures = { readonly adapter: number[]; readonly bare: number[]; readonly wire: number[] };

const row = (request: string, inFlight: number, { adapter, bare, wire }: Figures): string[] => [
  request,
  String(inFlight),
  spread(adapter),
  spread(bare),
  spread(ratios(adapter, bare), percent),
  spread(wire),
];
