/** At the end of a `switch` over all cases: the compiler complains where one is missing. */
export const unreachable = (value: never): never => {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
};
