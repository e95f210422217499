/** An IPv4 address that comes over an IPv6 socket, `::ffff:10.0.0.1`, as what it is; the `ip` scheme compares those. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}
