/**
 * The first of `offered` media types that an Accept header likes best (RFC 9110, 12.5.1); undefined for none. Without a
 * header any will do.
 */
export const acceptedType = <T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined => {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').map(parsedRange);
  ranges.sort((a, b) => b.quality - a.quality || b.precision - a.precision);
  for (const { range, quality } of ranges) {
    const match = quality > 0 ? offered.find((type) => matches(range, type)) : undefined;
    if (match !== undefined) return match;
  }
  return undefined;
};

type MediaRange = { readonly range: string; readonly quality: number; readonly precision: number };

const parsedRange = (text: string): MediaRange => {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { range, quality: Number.isNaN(quality) ? 0 : quality, precision: precisionOf(range) };
};

const precisionOf = (range: string): number => (range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2);

const matches = (range: string, type: string): boolean =>
  range === type || range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
