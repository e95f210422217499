/** Doubles from `shortestMs` on with each failure in a row, up to `longestMs`. @param failures 1 after the first */
export const exponentialDelayMs = (failures: number, shortestMs: number, longestMs: number): number =>
  Math.min(longestMs, shortestMs * 2 ** Math.min(failures - 1, 30));
