import { row } from '../row.ts';
import { boolean, int, long } from '../value-type.ts';

/** The controller, and how brokers leave. */
export const CONTROLLER_ROWS = {
  autoLeaderRebalanceEnable: row({
    broker: [{ name: 'auto.leader.rebalance.enable' }],
    type: boolean,
    default: true,
    dynamic: false,
    honoured: true,
    sentence: 'Whether partitions are given back to their preferred leaders.',
  }),
  leaderImbalanceCheckIntervalSeconds: row({
    broker: [{ name: 'leader.imbalance.check.interval.seconds' }],
    type: long({ min: 1 }),
    default: 300,
    dynamic: false,
    honoured: true,
    sentence: 'How often that is looked into.',
  }),
  leaderImbalancePerBrokerPercentage: row({
    broker: [{ name: 'leader.imbalance.per.broker.percentage' }],
    type: int(),
    default: 10,
    dynamic: false,
    honoured: true,
    sentence: 'Part of the partitions of a broker that others may lead before they are given back.',
  }),
  controlledShutdownEnable: row({
    broker: [{ name: 'controlled.shutdown.enable' }],
    type: boolean,
    default: true,
    dynamic: false,
    honoured: true,
    sentence: 'Whether a broker hands over what it leads before it stops.',
  }),
  controlledShutdownMaxRetries: row({
    broker: [{ name: 'controlled.shutdown.max.retries' }],
    type: int({ min: 0 }),
    default: 3,
    dynamic: false,
    honoured: true,
    sentence: 'How often it tries to.',
  }),
  controlledShutdownRetryBackoffMs: row({
    broker: [{ name: 'controlled.shutdown.retry.backoff.ms' }],
    type: long({ min: 0 }),
    default: 5000,
    dynamic: false,
    honoured: true,
    sentence: 'How long it rests before it tries again.',
  }),
  controllerSocketTimeoutMs: row({
    broker: [{ name: 'controller.socket.timeout.ms' }],
    type: int({ min: 1 }),
    default: 30_000,
    dynamic: false,
    honoured: true,
    sentence: 'How long the controller waits for the answer of a broker, and a broker for that of the controller.',
  }),
};
