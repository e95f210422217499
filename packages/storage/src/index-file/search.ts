/**
 * The last index from 0 to `count - 1` for which `holds` is true, -1 if it is for none. `holds` is true up to some
 * index and false from there on.
 */
export const lastWhere = async (count: number, holds: (index: number) => Promise<boolean>): Promise<number> => {
  let low = -1;
  let high = count - 1;
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    if (await holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
};
