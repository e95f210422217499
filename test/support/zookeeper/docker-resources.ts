import { getContainerRuntimeClient } from 'testcontainers';
import { hasStatus } from './docker-error.ts';

/** What an ensemble has in the engine, by names that are chosen before it is made. */
export type DockerResources = { readonly network: string; readonly containers: readonly string[] };

/** Removes what there is of it, with its data, whatever state it is in. */
export const removeFromDocker = async ({ network, containers }: DockerResources): Promise<void> => {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const removals = containers.map((name) =>
    unlessMissing(dockerode.getContainer(name).remove({ force: true, v: true })),
  );
  await Promise.all(removals);
  await unlessMissing(dockerode.getNetwork(network).remove());
};

const unlessMissing = async (removal: Promise<unknown>): Promise<void> => {
  try {
    await removal;
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
};
