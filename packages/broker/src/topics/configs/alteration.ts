import { type ConfigRow, type ConfigRows, InvalidConfigError, KafkaError, LOG_ROWS } from '@barnabas/model';
import type { EntityConfig } from '@barnabas/zookeeper';

/** Number of an operation in IncrementalAlterConfigs (KIP-339). */
const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

export type Alteration = {
  readonly name: string;
  readonly operation: number;
  /** Of no meaning for a DELETE. */
  readonly value: string | null;
};

const ROWS: ConfigRows = LOG_ROWS;
const ROWS_BY_NAME: ReadonlyMap<string | undefined, ConfigRow<unknown>> = new Map(
  Object.values(ROWS).map((row) => [row.topic, row]),
);

/**
 * A topic's configuration with some of it changed, each alteration being of another property. Doing it twice is the same as
 * doing it once. As in Kafka a list that the topic does not set begins as Kafka's default, whatever the broker's is.
 *
 * @throws KafkaError INVALID_REQUEST for an operation that there is none, INVALID_CONFIG for one on a list where there is no list
 */
export function altered(current: EntityConfig, alterations: readonly Alteration[]): EntityConfig {
  const next = new Map(current);
  for (const { name, operation, value } of alterations) {
    const text = value ?? '';
    switch (operation) {
      case SET:
        next.set(name, text);
        break;
      case DELETE:
        next.delete(name);
        break;
      case APPEND: {
        const there = listOf(name, next);
        next.set(name, [...there, ...split(text).filter((item) => !there.includes(item))].join(','));
        break;
      }
      case SUBTRACT: {
        const gone = split(text);
        next.set(
          name,
          listOf(name, next)
            .filter((item) => !gone.includes(item))
            .join(','),
        );
        break;
      }
      default:
        throw new KafkaError(
          'INVALID_REQUEST',
          `There is no operation ${operation}: 0 sets, 1 deletes, 2 appends, 3 subtracts.`,
        );
    }
  }
  return next;
}

export function needsValue(operation: number): boolean {
  return operation !== DELETE;
}

function listOf(name: string, config: EntityConfig): string[] {
  const row = ROWS_BY_NAME.get(name);
  if (row === undefined) throw new InvalidConfigError(name.slice(0, 100), 'a topic has no such property');
  if (row.type.name !== 'list') throw new InvalidConfigError(name, 'it is no list: set it, or delete it');
  return split(config.get(name) ?? row.type.format(row.default));
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
