import type { Random } from '@barnabas/model';

const UUID_BYTES = 16;

/** The id of a new member: its client's name, or that of the instance, with a random UUID (RFC 9562, version 4). */
export const newMemberId = (name: string, random: Pick<Random, 'bytes'>): string => `${name}-${randomUuid(random)}`;

const randomUuid = (random: Pick<Random, 'bytes'>): string => {
  const bytes = Buffer.from(random.bytes(UUID_BYTES));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
