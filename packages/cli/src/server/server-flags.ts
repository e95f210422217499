/** What `server` is told on the command line. */
export type ServerFlags = {
  readonly file: string | undefined;
  /** Each `name=value`. */
  readonly override?: readonly string[];
  readonly logLevel: string;
};
