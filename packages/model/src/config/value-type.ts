/**
 * How one kind of configuration value reads and prints. The texts are those that Kafka's configuration files, znodes and
 * DescribeConfigs carry.
 */
export type ValueType<T> = {
  /** Kafka's word for the kind. */
  readonly name: 'boolean' | 'short' | 'int' | 'long' | 'double' | 'string' | 'list' | 'class' | 'password';
  /** What may be written, in words: for error messages and the documentation. */
  readonly allowed: string;
  /** The value that `text` stands for, or undefined where it stands for none that is allowed. */
  parse(text: string): T | undefined;
  /** Kafka's text for a value. */
  format(value: T): string;
};

/** An inclusive range, and one number outside it that is allowed too. A missing end is the end of the kind's own range. */
export type Bounds = { readonly min?: number; readonly max?: number; readonly or?: number };

const SHORT_MIN = -(2 ** 15);
const SHORT_MAX = 2 ** 15 - 1;
const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const INTEGER = /^[+-]?\d{1,19}$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** `true` or `false`, in any case of letters. */
export const boolean: ValueType<boolean> = booleanOf([true, false]);

/** A boolean of which this build can only do `false`: it is known, so that Kafka's own settings load, and refused when on. */
export const booleanThatStaysFalse: ValueType<boolean> = booleanOf([false]);

function booleanOf(values: readonly boolean[]): ValueType<boolean> {
  return {
    name: 'boolean',
    allowed: values.join(' or '),
    parse: (text) => values.find((value) => String(value) === text.trim().toLowerCase()),
    format: String,
  };
}

/** A 16-bit integer. */
export function short(bounds: Bounds = {}): ValueType<number> {
  return integer('short', { min: SHORT_MIN, max: SHORT_MAX, ...bounds });
}

/** A 32-bit integer. */
export function int(bounds: Bounds = {}): ValueType<number> {
  return integer('int', { min: INT_MIN, max: INT_MAX, ...bounds });
}

function integer(name: 'short' | 'int', whole: Bounds): ValueType<number> {
  return {
    name,
    allowed: describeBounds('an integer', whole),
    parse: (text) => within(INTEGER.test(text.trim()) ? Number(text) : undefined, whole),
    format: String,
  };
}

/**
 * A 64-bit integer as a number. The greatest one, with which Kafka says "no limit", is `Infinity` and prints back as it
 * was. Others beyond 2^53 become the nearest number: no size or age in a log comes near them.
 */
export function long(bounds: Bounds = {}): ValueType<number> {
  return {
    name: 'long',
    allowed: describeBounds('an integer', bounds),
    parse: (text) => within(parseLong(text.trim()), bounds),
    format: (value) => (value === Number.POSITIVE_INFINITY ? String(LONG_MAX) : String(BigInt(value))),
  };
}

function parseLong(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  if (value < LONG_MIN || value > LONG_MAX) return undefined;
  return Number(value) >= 2 ** 63 ? Number.POSITIVE_INFINITY : Number(value);
}

/** A 64-bit floating point number. */
export function double(bounds: Bounds = {}): ValueType<number> {
  return {
    name: 'double',
    allowed: describeBounds('a number', bounds),
    parse: (text) => within(parseDouble(text.trim()), bounds),
    format: formatDouble,
  };
}

function parseDouble(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** As Java prints it: always with a fraction, and with an exponent from 10^7 up and below 10^-3. */
function formatDouble(value: number): string {
  const magnitude = Math.abs(value);
  const plain = value === 0 || (magnitude >= 1e-3 && magnitude < 1e7);
  const [mantissa = '', exponent] = (plain ? String(value) : value.toExponential()).split('e');
  const fraction = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? fraction : `${fraction}E${exponent.replace('+', '')}`;
}

/** Any text. */
export const text: ValueType<string> = matching(/^/, 'any text');

/** The name of a Java class, or a list of them. */
export const javaClass: ValueType<string> = { ...text, name: 'class', allowed: 'the name of a Java class' };

/** Any text, which is never shown. */
export const password: ValueType<string> = { ...text, name: 'password', format: () => '[hidden]' };

/** What may be left unset, and then is undefined. */
export function optional<T>(type: ValueType<T>): ValueType<T | undefined> {
  return { ...type, format: (value) => (value === undefined ? '' : type.format(value)) };
}

/** A text of some form; `allowed` says in words which. */
export function matching(form: RegExp, allowed: string): ValueType<string> {
  return {
    name: 'string',
    allowed,
    parse: (text) => (form.test(text.trim()) ? text.trim() : undefined),
    format: (value) => value,
  };
}

/** One of a few words. Kafka calls the kind a string. */
export function oneOf<const Word extends string>(words: readonly Word[]): ValueType<Word> {
  return {
    name: 'string',
    allowed: `one of ${words.join(', ')}`,
    parse: (text) => words.find((word) => word === text.trim()),
    format: (value) => value,
  };
}

/** Texts of some form with commas between them; `allowed` says in words which. None is the empty text. */
export function listOf(form: RegExp, allowed: string): ValueType<readonly string[]> {
  return {
    name: 'list',
    allowed,
    parse(text) {
      const parts = splitList(text);
      return parts.every((part) => form.test(part)) ? parts : undefined;
    },
    format: (values) => values.join(','),
  };
}

/** Any texts with commas between them. */
export const words: ValueType<readonly string[]> = listOf(/./, 'any words, with commas between them');

/** Some of a few words, with commas between them. */
export function someOf<const Word extends string>(words: readonly Word[]): ValueType<readonly Word[]> {
  const wordOf = (text: string): Word | undefined => words.find((word) => word === text);
  return {
    name: 'list',
    allowed: `any of ${words.join(', ')}, with commas between them`,
    parse(text) {
      const parts = splitList(text);
      const found = parts.map(wordOf).filter((word) => word !== undefined);
      return found.length === parts.length ? found : undefined;
    },
    format: (values) => values.join(','),
  };
}

function splitList(text: string): string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
}

function within(value: number | undefined, { min = -Infinity, max = Infinity, or }: Bounds): number | undefined {
  if (value === undefined || value === or) return value;
  return value >= min && value <= max ? value : undefined;
}

function describeBounds(what: string, { min, max, or }: Bounds): string {
  const range = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` to ${max}`].join('');
  return `${what}${range}${or === undefined ? '' : `, or ${or}`}`;
}
