import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrokerStartError, type StartFailure } from '../../src/index.ts';
import { LocalEnsemble, SESSION_TIMEOUT_MS, type StartedServer } from '../support/node/local-ensemble.ts';

let ensemble: LocalEnsemble;
let running: StartedServer;

beforeAll(async () => {
  ensemble = await LocalEnsemble.start();
  running = await ensemble.startBroker(ensemble.properties(1));
});

afterAll(() => ensemble.close());

async function failureOf(properties: readonly string[]): Promise<BrokerStartError> {
  try {
    await ensemble.startBroker(properties);
  } catch (error) {
    if (error instanceof BrokerStartError) return error;
    throw error;
  }
  throw new Error('it started');
}

/** All of them leave the broker that runs as it was. */
describe('a broker that cannot start', () => {
  const expectFailure = async (properties: readonly string[], failure: StartFailure, message: string | RegExp) => {
    const error = await failureOf(properties);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(error.failure).toBe(failure);
  };

  it('names the property that is wrong', async () => {
    const wrong = [...ensemble.properties(2), 'num.partitions=none'];
    await expectFailure(
      wrong,
      'configuration',
      'num.partitions: "none" is not an integer from 1 to 2147483647 (--override)',
    );
  });

  it('says that a port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const taken = [...ensemble.properties(2), `listeners=REST://127.0.0.1:${port},PEERS://127.0.0.1:0`];
    await expectFailure(
      taken,
      'address',
      `REST://127.0.0.1:${port} cannot be listened on: another process listens there`,
    );
    other.close();
  });

  it('says that its address is that of another broker', async () => {
    const { port } = running.listeners.get('PEERS') ?? {};
    const shared = [...ensemble.properties(2), `advertised.listeners=PEERS://127.0.0.1:${port}`];
    await expectFailure(shared, 'address', `PEERS://127.0.0.1:${port} is the address of broker 1 already`);
  });

  it('says that a log directory is in use', async () => {
    await expectFailure(ensemble.properties(1), 'logDirs', /broker-1 is in use by another process.*stop that process/);
  });

  it('says that a log directory cannot be made', async () => {
    const file = join(ensemble.dir, 'broker-1/meta.properties');
    await expectFailure([...ensemble.properties(2), `log.dirs=${file}/data`], 'logDirs', 'has failed and is offline');
  });

  it('says that a log directory belongs to another cluster', async () => {
    await expectFailure(
      ensemble.properties(1, 'broker-1', '/clusters/b'),
      'identity',
      /cluster.id \S+, the cluster's is/,
    );
  });

  it('says that a log directory belongs to another broker', async () => {
    await expectFailure(ensemble.properties(2, 'broker-1'), 'identity', "has broker.id 1, this broker's is 2");
  });

  it('says that there is no ZooKeeper, in the time that it was given', async () => {
    const sinceMs = performance.now();
    const away = ['zookeeper.connect=127.0.0.1:1/a', 'zookeeper.connection.timeout.ms=500'];
    await expectFailure(
      [...ensemble.properties(2), ...away],
      'zookeeper',
      /no session with 127.0.0.1:1 within 500 ms.*check zookeeper.connect/,
    );
    expect(performance.now() - sinceMs).toBeLessThan(5000);
  });

  it('waits for its id as long as a session may take to expire, and then says who has it', async () => {
    const sinceMs = performance.now();
    await expectFailure(
      ensemble.properties(1, 'another-directory'),
      'brokerIdInUse',
      /broker id 1 is taken by session 0x[0-9a-f]+ \(.*REST:\/\/127.*another broker.id/,
    );
    // The directory is not its own by that.
    const advised = await ensemble.startBroker(ensemble.properties(2, 'another-directory'));
    await advised.close();
    expect(performance.now() - sinceMs).toBeGreaterThan(SESSION_TIMEOUT_MS + 4900);
  });
});

describe('a broker without an id', () => {
  it('gets one, and has it again after a restart', async () => {
    const properties = ensemble.properties(-1, 'generated');
    const first = await ensemble.startBroker(properties);
    expect(first.brokerId).toBe(1001);
    await first.close();
    const again = await ensemble.startBroker(properties);
    expect(again.brokerId).toBe(1001);
    await again.close();
  });
});
