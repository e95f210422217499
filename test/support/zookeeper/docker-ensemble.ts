import { randomUUID } from 'node:crypto';
import { GenericContainer, Network, type StartedNetwork } from 'testcontainers';
import { guardInDocker } from './docker-guard.ts';
import { IMAGE } from './docker-image.ts';
import { CLIENT_PORT, DockerMember } from './docker-member.ts';
import { Ensemble } from './ensemble.ts';
import { freePorts } from './free-ports.ts';
import { type ServerSettings, serverConfig, serverJvmOptions } from './server-config.ts';

const DATA_DIR = '/data';

/** `count` servers as containers of the image, which the engine has; they run when it resolves. */
export const dockerEnsemble = async (count: number, settings: ServerSettings): Promise<Ensemble> => {
  const name = `barnabas-zookeeper-${randomUUID()}`;
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const resources = { network: name, containers: ids.map((id) => `${name}-${id}`) };
  const free = guardInDocker(resources);
  try {
    const network = await new Network({ nextUuid: () => name }).start();
    const hostPorts = await freePorts(count);
    const members = ids.map(async (id, index) => {
      const options = { ids, settings, network, hostPort: hostPorts[index] ?? 0 };
      return DockerMember.of(id, await container(id, options).withName(`${name}-${id}`).start());
    });
    // Where one fails the others go on, and what is still being made cannot be removed.
    await Promise.allSettled(members);
    return new Ensemble(await Promise.all(members), free);
  } catch (error) {
    await free();
    throw error;
  }
};

type ContainerOptions = {
  readonly ids: readonly number[];
  readonly settings: ServerSettings;
  readonly network: StartedNetwork;
  readonly hostPort: number;
};

/** The image writes a configuration of its own only where there is none. */
const container = (id: number, { ids, settings, network, hostPort }: ContainerOptions): GenericContainer => {
  const peers = new Map(ids.length === 1 ? [] : ids.map((peer) => [peer, `${hostName(peer)}:2888:3888`]));
  const place = { dataDir: DATA_DIR, clientHost: '0.0.0.0', clientPort: CLIENT_PORT, peers };
  return new GenericContainer(IMAGE)
    .withNetwork(network)
    .withNetworkAliases(hostName(id))
    .withExposedPorts({ container: CLIENT_PORT, host: hostPort })
    .withEnvironment({ ZOO_MY_ID: String(id), JVMFLAGS: serverJvmOptions(settings).join(' ') })
    .withCopyContentToContainer([{ content: serverConfig(settings, place), target: '/conf/zoo.cfg', mode: 0o644 }]);
};

const hostName = (id: number): string => `zookeeper-${id}`;
