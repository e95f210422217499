import type { ControllerStatus } from '@barnabas/controller';
import type { ListedGroup } from '@barnabas/coordinator';
import type { SessionState } from '@barnabas/zookeeper';
import { Gauge, type Registry } from 'prom-client';
import type { ClusterImage } from '../cluster/cluster-image.ts';
import type { ReplicaStatus } from '../replication/replicas.ts';

/** What is true of a broker now. */
export type BrokerState = {
  readonly controller: ControllerStatus;
  readonly image: ClusterImage;
  readonly replicas: Iterable<ReplicaStatus>;
  /** Those that this broker coordinates. */
  readonly groups: readonly ListedGroup[];
  /** `NONE` before the first session. */
  readonly sessionState: SessionState | 'NONE';
  readonly offlineLogDirs: number;
};

/** Of groups, as ListGroups names them. */
const GROUP_STATES = ['PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead', 'Empty'];
const SESSION_STATES = ['CONNECTED', 'SUSPENDED', 'LOST'] as const satisfies SessionState[];

/** The gauges, under the names by which Kafka's are known to Prometheus; `show` puts into them what is true now. */
export class BrokerGauges {
  readonly #registry: Registry;
  readonly #gauges = new Map<string, Gauge>();
  readonly #sessionState: Gauge<'state'>;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#sessionState = new Gauge({
      name: 'kafka_server_sessionexpirelistener_sessionstate',
      help: 'State of the session with ZooKeeper: 1 for the one it is in',
      labelNames: ['state'],
      registers: [registry],
    });
  }

  show(state: BrokerState): void {
    this.#showReplicas(state);
    this.#showController(state);
    this.#showGroups(state);
    for (const name of SESSION_STATES) this.#sessionState.set({ state: name }, name === state.sessionState ? 1 : 0);
    this.#set(
      'kafka_log_logmanager_offlinelogdirectorycount',
      'Log directories that have failed',
      state.offlineLogDirs,
    );
  }

  #showReplicas({ replicas }: BrokerState): void {
    const all = [...replicas];
    const led = all.filter(({ role }) => role === 'leader');
    const count = (name: string, help: string, of: readonly unknown[]) =>
      this.#set(`kafka_server_replicamanager_${name}`, help, of.length);
    count('partitioncount', 'Replicas on this broker', all);
    count('leadercount', 'Partitions that this broker leads', led);
    count(
      'underreplicatedpartitions',
      'Partitions that this broker leads with replicas out of sync',
      led.filter(({ isUnderReplicated }) => isUnderReplicated),
    );
    count(
      'underminisrpartitioncount',
      'Partitions that this broker leads with fewer in-sync replicas than min.insync.replicas',
      led.filter(({ isUnderMinIsr }) => isUnderMinIsr),
    );
    count(
      'offlinereplicacount',
      'Replicas on this broker that cannot be used',
      all.filter(({ role }) => role === 'offline'),
    );
  }

  /** All 0 but on the controller, so that a sum over the brokers is right. */
  #showController({ controller }: BrokerState): void {
    const set = (name: string, help: string, value: number) =>
      this.#set(`kafka_controller_kafkacontroller_${name}`, help, value);
    set('activecontrollercount', 'Whether this broker is the controller', controller.activeControllerCount);
    set('offlinepartitionscount', 'Partitions without a leader', controller.offlinePartitionsCount);
    set(
      'preferredreplicaimbalancecount',
      'Partitions that their preferred replica does not lead',
      controller.preferredReplicaImbalanceCount,
    );
    set('globalpartitioncount', 'Partitions of the cluster', controller.globalPartitionCount);
    set('globaltopiccount', 'Topics of the cluster', controller.globalTopicCount);
    set('topicstodeletecount', 'Topics that are being deleted', controller.topicsToDeleteCount);
    set('activebrokercount', 'Brokers that are registered', controller.activeBrokerCount);
    this.#set(
      'kafka_controller_controllereventmanager_eventqueuesize',
      'Events that the controller has yet to deal with',
      controller.eventQueueSize,
    );
  }

  #showGroups({ groups }: BrokerState): void {
    const set = (name: string, help: string, value: number) =>
      this.#set(`kafka_coordinator_group_groupmetadatamanager_${name}`, help, value);
    set('numgroups', 'Groups that this broker coordinates', groups.length);
    for (const name of GROUP_STATES) {
      const count = groups.filter(({ state }) => state === name).length;
      set(`numgroups${name.toLowerCase()}`, `Groups that this broker coordinates, in the state ${name}`, count);
    }
  }

  #set(name: string, help: string, value: number): void {
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      gauge = new Gauge({ name, help, registers: [this.#registry] });
      this.#gauges.set(name, gauge);
    }
    gauge.set(value);
  }
}
