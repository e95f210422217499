/**
 * Properties of Kafka that a cluster which is coordinated by ZooKeeper has no use for. They are known, so that a file that has
 * them loads, and passed over.
 */

/** Of brokers and controllers without ZooKeeper. */
const KRAFT = [
  'broker.heartbeat.interval.ms',
  'broker.session.timeout.ms',
  'controller.listener.names',
  'controller.quorum.append.linger.ms',
  'controller.quorum.bootstrap.servers',
  'controller.quorum.election.backoff.max.ms',
  'controller.quorum.election.timeout.ms',
  'controller.quorum.fetch.timeout.ms',
  'controller.quorum.request.timeout.ms',
  'controller.quorum.retry.backoff.ms',
  'controller.quorum.voters',
  'early.start.listeners',
  'eligible.leader.replicas.enable',
  'initial.broker.registration.timeout.ms',
  'log.dir.failure.timeout.ms',
  'metadata.log.dir',
  'metadata.log.max.record.bytes.between.snapshots',
  'metadata.log.max.snapshot.interval.ms',
  'metadata.log.segment.bytes',
  'metadata.log.segment.ms',
  'metadata.max.idle.interval.ms',
  'metadata.max.retention.bytes',
  'metadata.max.retention.ms',
  'process.roles',
  'sasl.mechanism.controller.protocol',
  'zookeeper.metadata.migration.enable',
];

/** Of segments that move to remote storage. */
const REMOTE_STORAGE = [
  'remote.fetch.max.wait.ms',
  'remote.log.index.file.cache.total.size.bytes',
  'remote.log.manager.copier.thread.pool.size',
  'remote.log.manager.copy.max.bytes.per.second',
  'remote.log.manager.copy.quota.window.num',
  'remote.log.manager.copy.quota.window.size.seconds',
  'remote.log.manager.expiration.thread.pool.size',
  'remote.log.manager.fetch.max.bytes.per.second',
  'remote.log.manager.fetch.quota.window.num',
  'remote.log.manager.fetch.quota.window.size.seconds',
  'remote.log.manager.task.interval.ms',
  'remote.log.manager.thread.pool.size',
  'remote.log.metadata.custom.metadata.max.bytes',
  'remote.log.metadata.manager.class.name',
  'remote.log.metadata.manager.class.path',
  'remote.log.metadata.manager.impl.prefix',
  'remote.log.metadata.manager.listener.name',
  'remote.log.reader.max.pending.tasks',
  'remote.log.reader.threads',
  'remote.log.storage.manager.class.name',
  'remote.log.storage.manager.class.path',
  'remote.log.storage.manager.impl.prefix',
  'remote.log.storage.system.enable',
];

/** Of group protocols newer than the classic one. */
const NEWER_GROUPS = [
  'group.consumer.assignors',
  'group.consumer.heartbeat.interval.ms',
  'group.consumer.max.heartbeat.interval.ms',
  'group.consumer.max.session.timeout.ms',
  'group.consumer.max.size',
  'group.consumer.min.heartbeat.interval.ms',
  'group.consumer.min.session.timeout.ms',
  'group.consumer.session.timeout.ms',
  'group.coordinator.append.linger.ms',
  'group.coordinator.threads',
  'group.share.delivery.count.limit',
  'group.share.heartbeat.interval.ms',
  'group.share.max.groups',
  'group.share.max.heartbeat.interval.ms',
  'group.share.max.record.lock.duration.ms',
  'group.share.max.session.timeout.ms',
  'group.share.max.size',
  'group.share.min.heartbeat.interval.ms',
  'group.share.min.record.lock.duration.ms',
  'group.share.min.session.timeout.ms',
  'group.share.partition.max.record.locks',
  'group.share.record.lock.duration.ms',
  'group.share.session.timeout.ms',
];

/** Why a property is of no use here, by its name. */
export const USELESS_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ...KRAFT.map((name) => [name, 'it is for clusters without ZooKeeper'] as const),
  ...REMOTE_STORAGE.map((name) => [name, 'there is no remote storage'] as const),
  ...NEWER_GROUPS.map((name) => [name, 'a ZooKeeper cluster has classic groups alone'] as const),
]);
