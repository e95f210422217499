/** What crashes have done to a simulated disk: for a test to know that it saw what it claims to survive. */
export type CrashLosses = {
  /** Unflushed pages within the file's size that reached the disk. */
  pagesKept: number;
  /** Unflushed pages within the file's size that did not. */
  pagesLost: number;
  /** Those of the lost that the disk had never held: they read as zeros. */
  pagesZeroed: number;
  /** Unflushed pages of which only some sectors reached the disk. */
  pagesTorn: number;
  /** Files that are shorter than they had grown. */
  growthsUndone: number;
  /** Files that are as long as before they were cut. */
  truncationsUndone: number;
  createsUndone: number;
  renamesUndone: number;
  removalsUndone: number;
};

export function noLosses(): CrashLosses {
  return {
    pagesKept: 0,
    pagesLost: 0,
    pagesZeroed: 0,
    pagesTorn: 0,
    growthsUndone: 0,
    truncationsUndone: 0,
    createsUndone: 0,
    renamesUndone: 0,
    removalsUndone: 0,
  };
}
