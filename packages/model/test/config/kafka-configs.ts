import { readFileSync } from 'node:fs';

/** What Apache Kafka 3.9.1 says of its own properties; `valid` in its notation, such as `[1,...,9] or -1`. */
export type KafkaProperty = { name: string; type: string; default: string | null; valid: string };
export type KafkaTopicProperty = KafkaProperty & { broker: string | null };
export type KafkaBrokerProperty = KafkaProperty & { update: 'read-only' | 'cluster-wide' | 'per-broker' };

export const KAFKA: { topic: KafkaTopicProperty[]; broker: KafkaBrokerProperty[] } = JSON.parse(
  readFileSync(new URL('./kafka-configs.json', import.meta.url), 'utf8'),
);

/** Texts at the edges of what Kafka allows, and just beyond them. */
export function edgesOf({ valid, type }: KafkaProperty): { allowed: string[]; refused: string[] } {
  const range = /^\[(-?\d+),\.\.\.(?:,(-?\d+))?\](?: or (-?\d+))?$/.exec(valid);
  if (range) {
    const [, min, max, or] = range.map((text) => (text === undefined ? undefined : Number(text)));
    const ends = [min, max].filter((end) => end !== undefined);
    const beyond = [min === undefined ? [] : min - 1, max === undefined ? [] : max + 1].flat();
    return {
      allowed: [...ends, ...(or === undefined ? [] : [or])].map(String),
      refused: [...beyond.filter((end) => end !== or).map(String), 'many', ''],
    };
  }
  const words = /^\[([\w, ]+)\]$/.exec(valid);
  if (words?.[1] !== undefined) return { allowed: words[1].split(', '), refused: ['many'] };
  if (type === 'boolean') return { allowed: ['false', 'FALSE'], refused: ['many', '1', ''] };
  if (type === 'short') return { allowed: ['32767', '-32768'], refused: ['32768', '-32769', ''] };
  if (type === 'int')
    return { allowed: ['2147483647', '-2147483648'], refused: ['2147483648', '-2147483649', '1.5', ''] };
  if (type === 'long') {
    return {
      allowed: ['9223372036854775807', '-9223372036854775808'],
      refused: ['9223372036854775808', '-9223372036854775809', '1e3', ''],
    };
  }
  if (type === 'double') return { allowed: ['0.25', '1e-3'], refused: ['many', '1e999', ''] };
  return { allowed: [], refused: [] };
}
