/** In messages and here a topic's id is 22 characters of URL-safe base64; in messages 22 `A`s stand for a topic without one. */
import { ZERO_UUID } from '@barnabas/protocol';

export const topicIdFromWire = (id: string): string | undefined => (id === ZERO_UUID ? undefined : id);

export const topicIdToWire = (id: string | undefined): string => id ?? ZERO_UUID;
