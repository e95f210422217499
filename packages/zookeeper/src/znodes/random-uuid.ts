import type { Random } from '@barnabas/model';

/** A random UUID (RFC 9562, version 4) as Kafka writes one: 22 characters of URL-safe base64 without padding. */
export function randomUuid(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('base64url');
}
