/**
 * Keys of record headers as strings, without loss. A key ought to be UTF-8, but nothing stops a producer from writing
 * other bytes. Each byte that is not part of a valid sequence becomes a lone low surrogate, U+DC00 plus the byte: valid
 * UTF-8 never decodes to one, so that encoding gives back the bytes that were there.
 */
import { isUtf8 } from 'node:buffer';

const ESCAPE = 0xdc00;
const REPLACEMENT = '\ufffd';

/** Length of the sequence that a lead byte announces; 1 for a byte that leads none. */
const sequenceBytes = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

const decodeEscaped = (bytes: Buffer): string => {
  let key = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] as number;
    const sequence = bytes.subarray(at, at + sequenceBytes(lead));
    const isValid = isUtf8(sequence);
    key += isValid ? sequence.toString('utf8') : String.fromCharCode(ESCAPE + lead);
    at += isValid ? sequence.length : 1;
  }
  return key;
};

export const decodeHeaderKey = (bytes: Buffer): string => {
  const key = bytes.toString('utf8');
  return key.includes(REPLACEMENT) && !isUtf8(bytes) ? decodeEscaped(bytes) : key;
};

const isEscape = (codePoint: number): boolean => codePoint >= ESCAPE + 0x80 && codePoint <= ESCAPE + 0xff;

/** The bytes of a key; a lone surrogate that is no escape becomes U+FFFD, as everywhere in JavaScript. */
export const encodeHeaderKey = (key: string): Buffer => {
  if (key.isWellFormed()) return Buffer.from(key, 'utf8');
  const parts: Buffer[] = [];
  for (const character of key) {
    const codePoint = character.codePointAt(0) as number;
    parts.push(isEscape(codePoint) ? Buffer.from([codePoint - ESCAPE]) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
};
