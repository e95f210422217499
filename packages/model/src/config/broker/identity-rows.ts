import { row } from '../row.ts';
import { boolean, int, optional, text } from '../value-type.ts';

/** Who a broker is. */
export const IDENTITY_ROWS = {
  brokerId: row({
    broker: [{ name: 'broker.id' }, { name: 'node.id' }],
    type: int({ min: -1 }),
    default: -1,
    dynamic: false,
    honoured: true,
    sentence: "The broker's number in its cluster; -1 has one made, if that is allowed.",
  }),
  brokerIdGenerationEnable: row({
    broker: [{ name: 'broker.id.generation.enable' }],
    type: boolean,
    default: true,
    dynamic: false,
    honoured: true,
    sentence: 'Whether a broker for which no id is set gets one from ZooKeeper, above `reserved.broker.max.id`.',
  }),
  reservedBrokerMaxId: row({
    broker: [{ name: 'reserved.broker.max.id' }],
    type: int({ min: 0 }),
    default: 1000,
    dynamic: false,
    honoured: true,
    sentence: 'The greatest id that can be set; generated ones lie above it.',
  }),
  brokerRack: row({
    broker: [{ name: 'broker.rack' }],
    type: optional(text),
    default: undefined,
    dynamic: false,
    honoured: true,
    sentence: 'Where the broker stands: replicas of a partition are spread over racks.',
  }),
};
