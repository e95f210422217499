/** A program by itself, for `guardInDocker`: its arguments are a network and the containers in it, which it removes. */
import { setTimeout as delay } from 'node:timers/promises';
import { removeFromDocker } from './docker-resources.ts';

/** The engine may still be at work on what the process that is gone had asked for last. */
const ROUNDS = 3;
const PAUSE_MS = 1_000;

const [network = '', ...containers] = process.argv.slice(2);
for (let round = 0; round < ROUNDS; round++) {
  if (round > 0) await delay(PAUSE_MS);
  await removeFromDocker({ network, containers }).catch(() => {});
}
