import { row } from '../row.ts';
import { boolean, int, optional, text } from '../value-type.ts';

/** The ensemble that a cluster is coordinated by. */
export const ZOOKEEPER_ROWS = {
  zookeeperConnect: row({
    broker: [{ name: 'zookeeper.connect' }],
    type: optional(text),
    default: undefined,
    dynamic: false,
    honoured: true,
    sentence:
      'Servers of the ensemble, and the znode under which the cluster lives: `zk1:2181,zk2:2181/clusters/a`. Has to be set.',
  }),
  zookeeperSessionTimeoutMs: row({
    broker: [{ name: 'zookeeper.session.timeout.ms' }],
    type: int({ min: 1 }),
    default: 18_000,
    dynamic: false,
    honoured: true,
    sentence: 'How long ZooKeeper hears nothing of a broker before it takes it for dead.',
  }),
  zookeeperConnectionTimeoutMs: row({
    broker: [{ name: 'zookeeper.connection.timeout.ms' }],
    type: optional(int({ min: 1 })),
    default: undefined,
    dynamic: false,
    honoured: true,
    sentence: 'How long a broker tries to reach ZooKeeper when it starts; the session timeout, where nothing is set.',
  }),
  zookeeperMaxInFlightRequests: row({
    broker: [{ name: 'zookeeper.max.in.flight.requests' }],
    type: int({ min: 1 }),
    default: 100,
    dynamic: false,
    honoured: true,
    sentence:
      'How many requests to ZooKeeper may be unanswered at a time. Kafka: 10, which waits for the disk of ZooKeeper between every ten writes.',
  }),
  zookeeperSetAcl: row({
    broker: [{ name: 'zookeeper.set.acl' }],
    type: boolean,
    default: false,
    dynamic: false,
    honoured: false,
    sentence: 'Whether znodes are made so that none but their maker may change them.',
  }),
};
