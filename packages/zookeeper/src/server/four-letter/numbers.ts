/** As Java prints a double: always with a fraction, here of at most four digits. */
export function decimal(value: number): string {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}

/** As Java's `Long.toHexString` prints it, after `0x`: a negative number as its two's complement. */
export function hex(value: bigint | number): string {
  return `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
}
