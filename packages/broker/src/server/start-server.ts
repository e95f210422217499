import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock, Random, Scheduler } from '@barnabas/model';
import { nodeFileSystem } from '@barnabas/storage';
import { Http2PeerClient, type PeerHandlers, PeerServer } from '@barnabas/transport';
import { type Endpoint, packageLinkFactory, parseConnectString } from '@barnabas/zookeeper';
import { type BrokerConfig, readBrokerConfig } from '../config/broker-config.ts';
import type { Listener } from '../config/listeners.ts';
import type { PropertySources } from '../config/property-sources.ts';
import { type TlsSettings, tlsSettings } from '../config/tls-settings.ts';
import { ConnectionQuota, connectionLimits } from '../kafka/connection-quota.ts';
import { kafkaLimits } from '../kafka/kafka-limits.ts';
import { KafkaServer, type KafkaServerOptions } from '../kafka/kafka-server.ts';
import type { Logger } from '../logger.ts';
import { Broker } from '../node/broker.ts';
import type { BrokerEnvironment, RestDoor, Served } from '../node/broker-environment.ts';
import { asStartError } from '../node/start-error.ts';
import { type RestServerOptions, startRestServer } from '../rest/rest-server.ts';
import { everywhere, listening } from './listening.ts';
import { ServerMetrics } from './metrics-text.ts';
import type { RunningServer } from './running-server.ts';

export type ServerOptions = {
  readonly properties: PropertySources;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Calls the start off, and has what was begun closed. */
  readonly signal?: AbortSignal;
};

/** Of all doors for clients of Kafka's protocol together. */
type ClientLimits = Pick<KafkaServerOptions, 'limits' | 'quota'>;

/**
 * Starts a broker on this machine: its disk, its network, its ensemble. Resolves when it is registered and knows its
 * cluster.
 *
 * @throws BrokerStartError where it cannot start, for a reason that is foreseen
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  try {
    const { config, warnings } = readBrokerConfig(options.properties, hostname());
    for (const warning of warnings) options.logger.warn({}, warning);
    const tls = await tlsFor(config);
    const broker = await Broker.start(config, environmentOf(config, tls, options), options.signal);
    const { brokerId, clusterId, listeners } = broker;
    options.logger.info({ brokerId, clusterId, listeners: Object.fromEntries(listeners) }, 'the broker serves');
    return broker;
  } catch (error) {
    throw asStartError(error);
  }
}

/** undefined where no listener needs it. */
async function tlsFor({ listeners, properties }: BrokerConfig): Promise<TlsSettings | undefined> {
  return listeners.some(usesTls) ? tlsSettings(properties, readFile) : undefined;
}

function environmentOf(
  { properties }: BrokerConfig,
  tls: TlsSettings | undefined,
  options: ServerOptions,
): BrokerEnvironment {
  const { logger, clock, scheduler, random } = options;
  const metrics = new ServerMetrics();
  const quota = new ConnectionQuota(connectionLimits(properties));
  const clientLimits = { limits: kafkaLimits(properties), quota };
  const { servers } = parseConnectString(properties.zookeeperConnect);
  return {
    clock,
    scheduler,
    random,
    logger,
    fs: nodeFileSystem,
    metrics: metrics.counters,
    zookeeper: packageLinkFactory({ servers, clock, scheduler, random, logger }),
    connectPeer: (endpoint, clientId) => connect(endpoint, clientId, tls, options),
    servePeers: (listener, handlers) => servePeers(listener, handlers, tls, options),
    serveRest: (listener, door) =>
      serveRest(listener, { ...door, allowedHosts: properties.restAllowedHosts }, tls, metrics, options),
    serveKafka: (listener, handlers) => serveKafka(listener, handlers, tls, clientLimits, options),
    onUncaught: (error) => logger.error({ err: error }, 'something went wrong that nobody foresaw'),
  };
}

function connect(
  { host, port, securityProtocol }: Endpoint,
  clientId: string,
  tls: TlsSettings | undefined,
  { clock, scheduler, random }: ServerOptions,
): Http2PeerClient {
  const secured = securityProtocol === 'SSL' && tls !== undefined && { tls: tls.client };
  return new Http2PeerClient({ host, port, clientId, clock, scheduler, random, ...secured });
}

async function servePeers(
  listener: Listener,
  handlers: PeerHandlers,
  tls: TlsSettings | undefined,
  { scheduler, logger }: ServerOptions,
): Promise<Served> {
  const lines = { warn: (line: string) => logger.warn({ listener: listener.name }, line) };
  return listenOn(listener, tls, (where) => PeerServer.start({ ...where, handlers, scheduler, logger: lines }));
}

async function serveRest(
  listener: Listener,
  { health, state, ...door }: RestDoor & Pick<RestServerOptions, 'allowedHosts'>,
  tls: TlsSettings | undefined,
  metrics: ServerMetrics,
  { clock, scheduler, logger }: ServerOptions,
): Promise<Served> {
  return listenOn(listener, tls, (where) =>
    startRestServer({
      ...door,
      ...where,
      restListener: listener.name,
      hostName: hostname(),
      clock,
      scheduler,
      logger,
      health,
      metrics: () => metrics.text(state()),
    }),
  );
}

async function serveKafka(
  listener: Listener,
  handlers: PeerHandlers,
  tls: TlsSettings | undefined,
  limits: ClientLimits,
  { clock, scheduler, logger }: ServerOptions,
): Promise<Served> {
  return listenOn(listener, tls, (where) =>
    KafkaServer.start({ ...limits, ...where, listener: listener.name, handlers, clock, scheduler, logger }),
  );
}

type Where = { readonly host: string; readonly port: number; readonly tls?: TlsSettings['server'] };

/** @throws BrokerStartError in words, for an address that cannot be listened on */
function listenOn(
  listener: Listener,
  tls: TlsSettings | undefined,
  start: (where: Where) => Promise<Served>,
): Promise<Served> {
  const { name, port, host = everywhere() } = listener;
  const where = { host, port, ...(usesTls(listener) && tls !== undefined && { tls: tls.server }) };
  return listening(name, host, port, () => start(where));
}

const usesTls = ({ securityProtocol }: Listener): boolean => securityProtocol === 'SSL';
