/**
 * One kind of notification: sequential znodes below one parent, each saying that something has changed. Who writes one
 * calls it `<parent>/<prefix>`; ZooKeeper appends the ten digits of its number.
 */
export type NotificationKind<T> = {
  readonly parent: string;
  readonly prefix: string;
  /** `path` is for the error. @throws MalformedZnodeError */
  decode(path: string, data: Uint8Array | null): T;
  encode(notification: T): Uint8Array;
};

const NUMBER = /^\d{10}$/;

/** The number at the end of a notification's name; undefined where the name is not that of a notification of this kind. */
export function notificationNumber(kind: NotificationKind<unknown>, name: string): number | undefined {
  const digits = name.startsWith(kind.prefix) ? name.slice(kind.prefix.length) : '';
  return NUMBER.test(digits) ? Number(digits) : undefined;
}
