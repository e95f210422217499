/**
 * Names of users and clients as parts of a path: UTF-8 with every byte but letters, digits, `.`, `-` and `_` as `%` and
 * two digits. Source: Kafka's Sanitizer, which rests on Java's URLEncoder.
 */

/** What `encodeURIComponent` leaves as it is, and the rule does not. */
const TO_ESCAPE = /[!~*'()]/g;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** A surrogate without its other half becomes a question mark, as in Java. */
export function sanitizeName(name: string): string {
  return encodeURIComponent(name.replace(LONE_SURROGATES, '?')).replace(
    TO_ESCAPE,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The name; undefined where it is none. A plus sign stands for a space, which some other writers use. */
export function desanitizeName(sanitized: string): string | undefined {
  try {
    return decodeURIComponent(sanitized.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
