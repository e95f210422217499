import { once } from 'node:events';
import zookeeper from 'node-zookeeper-client';

/** `node-zookeeper-client` as it comes, through its public calls. Ends with `close`. */
export class BarePackage {
  readonly #client: zookeeper.Client;

  private constructor(client: zookeeper.Client) {
    this.#client = client;
  }

  static async connect(connectString: string): Promise<BarePackage> {
    const client = zookeeper.createClient(connectString, { sessionTimeout: 30_000, spinDelay: 100, retries: 0 });
    const connected = once(client, 'connected');
    client.connect();
    await connected;
    return new BarePackage(client);
  }

  get(path: string, done: () => void): void {
    this.#client.getData(path, undefined, (error: Error | null) => {
      if (error !== null && error !== undefined) throw error;
      done();
    });
  }

  set(path: string, data: Buffer, done: () => void): void {
    this.#client.setData(path, data, -1, (error: Error | null) => {
      if (error !== null && error !== undefined) throw error;
      done();
    });
  }

  close(): void {
    this.#client.close();
  }
}
