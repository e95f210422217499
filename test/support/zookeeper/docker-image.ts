import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type ContainerRuntimeClient, getContainerRuntimeClient, ImageName } from 'testcontainers';
import { getReaperImage } from 'testcontainers/build/reaper/reaper.js';
import { messageOf } from './docker-error.ts';
import { say } from './say.ts';

/** The official one. */
export const IMAGE = 'zookeeper:3.8';

/** Until the registry sends something: an engine that is cut off tries for half a minute before it says so. */
const ANSWER_MAX_MS = 5_000;
const PULL_MAX_MS = 5 * 60_000;

/**
 * Makes the engine have the image. What went wrong, or undefined where nothing did.
 *
 * `testcontainers` would also pull an image whose container removes what tests leave behind, and fails where it cannot.
 * It is used where it is there; everywhere else `guardInDocker` does alone.
 */
export const prepareDocker = async (): Promise<string | undefined> => {
  try {
    const client = await clientSoon();
    if (!(await isThere(client, getReaperImage()))) process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
    if (!(await isThere(client, IMAGE))) await pull(client);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
};

/** Where the tests run in a container themselves, `testcontainers` may ask the registry for what it finds its host with. */
const clientSoon = async (): Promise<ContainerRuntimeClient> => {
  const client = await Promise.race([getContainerRuntimeClient(), delay(ANSWER_MAX_MS, undefined, { ref: false })]);
  if (client === undefined) throw new Error(`testcontainers was not ready for it within ${ANSWER_MAX_MS} ms`);
  return client;
};

const isThere = ({ image }: ContainerRuntimeClient, name: string): Promise<boolean> =>
  image.exists(ImageName.fromString(name));

/** Unlike that of `testcontainers`, it tells of what goes wrong on the way, and comes to an end. */
const pull = async (client: ContainerRuntimeClient): Promise<void> => {
  const giveUp = new AbortController();
  const giveUpAfter = (maxMs: number): NodeJS.Timeout =>
    setTimeout(() => giveUp.abort(new Error(`it did not pull ${IMAGE} within ${maxMs} ms`)), maxMs);
  let timer = giveUpAfter(ANSWER_MAX_MS);
  try {
    const progress = await client.container.dockerode.pull(IMAGE, { abortSignal: giveUp.signal });
    clearTimeout(timer);
    timer = giveUpAfter(PULL_MAX_MS);
    say(`Docker pulls ${IMAGE}`);
    const steps = (await text(progress)).trimEnd();
    if (!(await isThere(client, IMAGE))) throw new Error(`it did not pull ${IMAGE}: ${steps.split('\n').at(-1)}`);
  } catch (error) {
    throw giveUp.signal.aborted ? giveUp.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
};
