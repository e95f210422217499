import { setFlagsFromString } from 'node:v8';

/** Older ones may not know the flags. */
const OLDEST_MAJOR = 26;

/**
 * Has V8 count what buffers take toward a limit of their own, which grows with them. It would count it toward that of its
 * heap: in a broker, whose heap is small and through which much goes in buffers that are free again at once, it then looks
 * through the whole heap for every few megabytes of records, and that takes more than half of the broker's time. Bound to
 * this process; buffers that are not referred to any more go with the collection of young objects.
 */
export function letBuffersComeAndGo(): void {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_MAJOR) return;
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  setFlagsFromString('--external-memory-max-growing-factor=4');
}
