/** Versions in the words of Kafka's message definitions: `'none'`, `'4'`, `'3-5'` or `'2+'`. */
export type Versions = 'none' | `${number}` | `${number}+` | `${number}-${number}`;

/** Both ends belong to the range; it is empty where `max` lies below `min`. */
export type VersionRange = { readonly min: number; readonly max: number };

export const NO_VERSIONS: VersionRange = { min: 0, max: -1 };

const VERSIONS = /^(\d+)(?:(\+)|-(\d+))?$/;

/** Throws a TypeError on a text that is no version range: a mistake in a declaration. */
export const parseVersions = (text: Versions): VersionRange => {
  if (text === 'none') return NO_VERSIONS;
  const match = VERSIONS.exec(text);
  if (match === null) throw new TypeError(`'${text}' is not a version range`);
  const min = Number(match[1]);
  if (match[2] !== undefined) return { min, max: Number.POSITIVE_INFINITY };
  return { min, max: match[3] === undefined ? min : Number(match[3]) };
};

export const hasVersion = (range: VersionRange, version: number): boolean =>
  version >= range.min && version <= range.max;
