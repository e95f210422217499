/** The flags of `zookeeper start`, as commander gives them. */
export type StartFlags = {
  readonly config?: string;
  readonly dataDir?: string;
  readonly inMemory?: true;
  readonly host?: string;
  readonly port?: number;
  readonly tickTime?: number;
  readonly logLevel: string;
};
