import { Type } from '../http/schema.ts';

const Listener = Type.Object({
  name: Type.String(),
  securityProtocol: Type.String(),
  host: Type.String(),
  port: Type.Integer(),
});

export const Brokers = Type.Object({
  clusterId: Type.String(),
  controllerId: Type.Union([Type.Integer(), Type.Null()]),
  brokers: Type.Array(
    Type.Object({
      id: Type.Integer(),
      host: Type.String({ description: 'of the listener of this API' }),
      rack: Type.Union([Type.String(), Type.Null()]),
      listeners: Type.Array(Listener),
    }),
  ),
});

export const Cluster = Type.Object({
  clusterId: Type.String(),
  controllerId: Type.Union([Type.Integer(), Type.Null()]),
  brokerId: Type.Integer({ description: 'of the broker that answers' }),
  brokers: Type.Array(Type.Integer()),
  topics: Type.Integer(),
  partitions: Type.Integer(),
  partitionsWithoutLeader: Type.Integer(),
  underReplicatedPartitions: Type.Integer(),
});
