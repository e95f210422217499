/** JSON text as Jackson, which Kafka uses, prints it: no blanks, escapes in upper-case hex, doubles in Java's form. */
import { JsonDouble, type KafkaJson } from './kafka-json.ts';

/** Any escape, so that the `u00e9` after an escaped backslash is not taken for one. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/g;

const textOfString = (value: string): string =>
  JSON.stringify(value).replace(ESCAPE, (text) => (text.length === 2 ? text : `\\u${text.slice(2).toUpperCase()}`));

/** Java's Double.toString: plain with a fraction from 10^-3 up to 10^7, and otherwise one digit, a fraction and an exponent. */
const textOfDouble = (value: number): string => {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
};

const isArray = (json: KafkaJson): json is readonly KafkaJson[] => Array.isArray(json);

export const formatKafkaJson = (json: KafkaJson): string => {
  if (typeof json === 'string') return textOfString(json);
  if (json === null || typeof json !== 'object') return String(json);
  if (json instanceof JsonDouble) return textOfDouble(json.value);
  if (isArray(json)) return `[${json.map(formatKafkaJson).join(',')}]`;
  const members = Object.entries(json).map(([name, value]) => `${textOfString(name)}:${formatKafkaJson(value)}`);
  return `{${members.join(',')}}`;
};
