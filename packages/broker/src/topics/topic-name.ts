/**
 * What a topic may be called. Source: Kafka's `Topic`.
 *
 * In the names of metrics `.` and `_` become the same, so that of two topics that differ in nothing else only one may exist.
 */
import { KafkaError } from '@barnabas/model';

const MAX_LENGTH = 249;
const LEGAL = /^[a-zA-Z0-9._-]+$/;

/** What is wrong with the name, and what to do; undefined where it is one. */
export function problemOfTopicName(name: string): string | undefined {
  if (name === '') return 'A topic needs a name.';
  if (name === '.' || name === '..') return `A topic cannot be called ${name}: give it another name.`;
  if (name.length > MAX_LENGTH) {
    return `A topic's name has at most ${MAX_LENGTH} characters; this one has ${name.length}.`;
  }
  if (LEGAL.test(name)) return undefined;
  return `A topic cannot be called ${JSON.stringify(name)}: use ASCII letters, digits, '.', '_' and '-'.`;
}

/** @throws KafkaError INVALID_TOPIC_EXCEPTION */
export function requireTopicName(name: string): void {
  const problem = problemOfTopicName(name);
  if (problem !== undefined) throw new KafkaError('INVALID_TOPIC_EXCEPTION', problem);
}

/** Whether a topic of another name can be in its way. */
export function canCollide(name: string): boolean {
  return /[._]/.test(name);
}

/** The same for all names of which only one may exist. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_');
}
