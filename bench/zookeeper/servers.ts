import { ANY_VERSION, OPEN_ACL } from '@barnabas/zookeeper';
import { alternate, ratios } from '../support/rounds.ts';
import { percent, printTable, spread } from '../support/table.ts';
import type { Place } from './clients.ts';
import { perSecond } from './pipeline.ts';
import type { Scale } from './scale.ts';
import { Wire } from './wire.ts';

const ROOT = '/bench-servers';
const DATA = Buffer.alloc(100, 'x');

/** The embedded server and the real one, each asked by clients that cost next to nothing. */
export async function measureServers(embedded: Place, real: Place, scale: Scale): Promise<void> {
  const rows: string[][] = [];
  for (const connections of scale.connections) {
    const mine = await Wires.connect(embedded, connections);
    const theirs = await Wires.connect(real, connections);
    for (const inFlight of scale.inFlight) {
      for (const request of ['get', 'set', 'create'] as const) {
        const count = request === 'get' ? scale.reads : scale.writes;
        const figures = await alternate(
          {
            embedded: () => mine.perSecond(request, count, inFlight),
            real: () => theirs.perSecond(request, count, inFlight),
          },
          scale.rounds,
        );
        rows.push([
          request,
          String(connections),
          String(inFlight),
          spread(figures.embedded),
          spread(figures.real),
          spread(ratios(figures.embedded, figures.real), percent),
        ]);
      }
    }
    await mine.close();
    await theirs.close();
  }
  const columns = ['request', 'clients', 'in flight of each', 'embedded /s', 'real /s', 'embedded / real'];
  printTable('The embedded server and the real one', columns, rows);
}

/** Some connections to one server. Ends with `close`. */
class Wires {
  readonly #wires: readonly Wire[];
  readonly #frames = {
    get: Wire.frame({ op: 'getData', path: ROOT, watch: false }),
    set: Wire.frame({ op: 'setData', path: ROOT, data: DATA, version: ANY_VERSION }),
    create: Wire.frame({ op: 'create', path: `${ROOT}/n-`, data: DATA, acl: OPEN_ACL, flags: 2 }),
  };

  private constructor(wires: readonly Wire[]) {
    this.#wires = wires;
  }

  static async connect({ host, port }: Place, connections: number): Promise<Wires> {
    const wires = await Promise.all(Array.from({ length: connections }, () => Wire.connect(host, port)));
    await wires[0]?.call({ op: 'create', path: ROOT, data: DATA, acl: OPEN_ACL, flags: 0 });
    return new Wires(wires);
  }

  async perSecond(request: 'get' | 'set' | 'create', count: number, inFlight: number): Promise<number> {
    const each = Math.ceil(count / this.#wires.length);
    const rates = await Promise.all(
      this.#wires.map((wire) => perSecond(each, inFlight, (done) => wire.send(this.#frames[request], done))),
    );
    return rates.reduce((sum, rate) => sum + rate, 0);
  }

  /** With their sessions. */
  async close(): Promise<void> {
    await Promise.all(this.#wires.map((wire) => wire.call({ op: 'closeSession' })));
    for (const wire of this.#wires) wire.close();
  }
}
