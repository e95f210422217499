/** The data of a znode cannot be what was written there. Nothing was changed; the caller decides what can be done without. */
export class MalformedZnodeError extends Error {
  /** The znode, without the chroot. */
  readonly path: string;
  /** What is wrong, and where in the data. */
  readonly reason: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`znode ${path} is malformed: ${reason}`, options);
    this.name = new.target.name;
    this.path = path;
    this.reason = reason;
  }
}
