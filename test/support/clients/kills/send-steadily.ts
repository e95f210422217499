import { setTimeout as sleep } from 'node:timers/promises';
import { PACE_MS, type SteadyLoad } from './steady-client.ts';

export type Sender = {
  /** Resolves when it is acknowledged. */
  send(partition: number, value: number): Promise<void>;
  close(): Promise<void>;
};

/** A load of our own process: to each partition one record after the other, the next when the last is acknowledged. */
export function sendSteadily(partitions: number, { send, close }: Sender): SteadyLoad {
  const sent = Array.from({ length: partitions }, () => 0);
  let isStopped = false;
  const sendAll = async (partition: number): Promise<number> => {
    for (let value = 0; ; value += 1) {
      if (isStopped) return value;
      sent[partition] = value + 1;
      await send(partition, value);
      await sleep(PACE_MS);
    }
  };
  const all = Promise.all(sent.map((_, partition) => sendAll(partition)));
  all.catch(() => {});
  const stop = async (): Promise<readonly number[]> => {
    isStopped = true;
    try {
      return await all;
    } finally {
      await close();
    }
  };
  return { sent, stop };
}
