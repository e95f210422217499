/** What tests and benchmarks use of node-zookeeper-client 1.1.3 as it comes. */
declare module 'node-zookeeper-client' {
  import type { EventEmitter } from 'node:events';
  import type ConnectionManager from 'node-zookeeper-client/lib/ConnectionManager.js';

  namespace zookeeper {
    type Callback<Result> = (error: Error | null, result: Result) => void;

    interface Transaction {
      check(path: string, version: number): Transaction;
      setData(path: string, data: Buffer, version: number): Transaction;
      remove(path: string, version: number): Transaction;
      commit(done: Callback<unknown>): void;
    }

    interface Client extends EventEmitter {
      readonly connectionManager: ConnectionManager & {
        registerDataWatcher(path: string, watcher: () => void): void;
      };
      connect(): void;
      close(): void;
      getState(): { readonly name: string };
      addAuthInfo(scheme: string, auth: Buffer): void;
      exists(path: string, watcher: (() => void) | undefined, done: Callback<unknown>): void;
      getData(path: string, watcher: (() => void) | undefined, done: Callback<Buffer>): void;
      setData(path: string, data: Buffer, version: number, done: Callback<unknown>): void;
      transaction(): Transaction;
    }

    function createClient(
      connectionString: string,
      options: { readonly sessionTimeout: number; readonly spinDelay: number; readonly retries: number },
    ): Client;
  }

  export = zookeeper;
}
