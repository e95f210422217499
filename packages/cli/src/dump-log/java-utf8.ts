/** A lead byte of three, and what would follow it in a surrogate, which UTF-8 has no room for. */
const SURROGATE = /\xed[\xa0-\xbf][\x80-\xbf]?/g;
const REPLACEMENT = '\ufffd';

/**
 * The bytes from `from` up to, but without, `to` as Java decodes UTF-8. It puts U+FFFD for what is malformed as the WHATWG
 * has it, and Node, but for surrogates: one for the two or three bytes together, not one for each.
 */
export const decodeJavaUtf8 = (bytes: Buffer, from = 0, to = bytes.length): string => {
  const text = bytes.toString('utf8', from, to);
  if (!text.includes(REPLACEMENT)) return text;
  const mended = bytes.toString('latin1', from, to).replace(SURROGATE, '\xff');
  return mended.length === to - from ? text : Buffer.from(mended, 'latin1').toString('utf8');
};
