import { GenericContainer, Network, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { CLIENT_PORT, DockerMember } from './docker-member.ts';
import { Ensemble } from './ensemble.ts';
import { freePorts } from './free-ports.ts';
import { type ServerSettings, serverConfig, serverJvmOptions } from './server-config.ts';

const IMAGE = 'zookeeper:3.8';
const DATA_DIR = '/data';

/** `count` servers as containers of the official image; they run when it resolves. */
export const dockerEnsemble = async (count: number, settings: ServerSettings): Promise<Ensemble> => {
  const network = await new Network().start();
  const started: StartedTestContainer[] = [];
  const free = async (): Promise<void> => {
    await Promise.allSettled(started.map((container) => container.stop()));
    await network.stop();
  };
  try {
    const hostPorts = await freePorts(count);
    await Promise.all(
      hostPorts.map(async (hostPort, index) => {
        started[index] = await container(index + 1, { count, settings, network, hostPort }).start();
      }),
    );
    return new Ensemble(await Promise.all(started.map((one, index) => DockerMember.of(index + 1, one))), free);
  } catch (error) {
    await free();
    throw error;
  }
};

type ContainerOptions = {
  readonly count: number;
  readonly settings: ServerSettings;
  readonly network: StartedNetwork;
  readonly hostPort: number;
};

/** The image writes a configuration of its own only where there is none. */
const container = (id: number, { count, settings, network, hostPort }: ContainerOptions): GenericContainer => {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const peers = new Map(count === 1 ? [] : ids.map((peer) => [peer, `${hostName(peer)}:2888:3888`]));
  const place = { dataDir: DATA_DIR, clientHost: '0.0.0.0', clientPort: CLIENT_PORT, peers };
  return new GenericContainer(IMAGE)
    .withNetwork(network)
    .withNetworkAliases(hostName(id))
    .withExposedPorts({ container: CLIENT_PORT, host: hostPort })
    .withEnvironment({ ZOO_MY_ID: String(id), JVMFLAGS: serverJvmOptions(settings).join(' ') })
    .withCopyContentToContainer([{ content: serverConfig(settings, place), target: '/conf/zoo.cfg', mode: 0o644 }]);
};

const hostName = (id: number): string => `zookeeper-${id}`;
