/**
 * Where reading begins: at an offset; at the first or behind the last record that there is; at the first record of a time
 * or later (milliseconds since 1970); or at the last so many offsets.
 */
export type StartPosition = number | 'earliest' | 'latest' | { readonly timestamp: number } | { readonly tail: number };
