/** Whether the engine refused with that HTTP status. */
export const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof Error && 'statusCode' in error && error.statusCode === status;

/** What went wrong, on one line: the engine ends its own with blanks, and may use several. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
