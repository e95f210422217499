export * from './cluster/cluster-image.ts';
export * from './logger.ts';
export * from './replication/replicas.ts';
