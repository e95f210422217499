import { randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Who has written a record: one producer to one partition, whose records are numbered from 0 on. */
export type Lane = { readonly topic: string; readonly partition: number; readonly producer: string };

export type Payload = Lane & { readonly number: number };

const RANDOM_BYTES_MAX = 300;
/** `topic partition producer number random crc`; the CRC is over all before it. */
const FORM = /^(?<said>(?<topic>\S+) (?<partition>\d+) (?<producer>\S+) (?<number>\d+) [0-9a-f]+) (?<crc>\d+)$/;

/** A text that nobody writes twice, and that says whose it is. */
export function payloadText({ topic, partition, producer }: Lane, number: number): string {
  const random = randomBytes(1 + randomInt(RANDOM_BYTES_MAX)).toString('hex');
  const said = `${topic} ${partition} ${producer} ${number} ${random}`;
  return `${said} ${crc32(said)}`;
}

/** Undefined where it is not as `payloadText` has written it. */
export function readPayload(text: string): Payload | undefined {
  const { said = '', topic = '', partition, producer = '', number, crc } = FORM.exec(text)?.groups ?? {};
  if (said === '' || crc32(said) !== Number(crc)) return undefined;
  return { topic, partition: Number(partition), producer, number: Number(number) };
}
