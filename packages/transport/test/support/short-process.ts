/** A process that has had a request under way when it closed both sides; it ends if nothing is left. */
import { Peers } from './peers.ts';

const taken = Promise.withResolvers<void>();
{
  await using peers = await Peers.start({
    Fetch: () => {
      taken.resolve();
      return new Promise(() => undefined);
    },
    Heartbeat: () => ({ throttleTimeMs: 0, errorCode: 0 }),
  });
  const options = { deadlineMs: 600_000 };
  await peers.client.send('Heartbeat', 4, { groupId: 'g', generationId: 1, memberId: 'm' }, options);
  peers.client.send('Fetch', 12, { maxWaitMs: 1, minBytes: 1, replicaState: {}, topics: [] }, options).catch(() => {});
  await taken.promise;
}
process.stdout.write('closed\n');
