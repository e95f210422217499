/**
 * What servers tell V8 of their memory. Flags of V8, which older ones may not know, and which change nothing but speed and
 * size.
 */
import { setFlagsFromString } from 'node:v8';

const OLDEST_MAJOR = 26;

const knowsFlags = Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR;

/**
 * Before a server loads its code. The room for new objects does not grow meanwhile: what is loaded stays, and the room that
 * it has passed through would stay with it, 20 MB of a broker that idles.
 */
export function startSmall(): void {
  if (knowsFlags) setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Once it serves. Under load the room for new objects grows at once. What buffers take counts toward a limit of its own, and
 * the heap may grow to four times of what is alive: by itself V8 looks through the whole heap for every few megabytes of
 * records that go through a broker, as its heap is small and the buffers that they lie in count toward the heap's limit.
 * That took more than half of the broker's time, while those buffers go with the collection of new objects in any case.
 */
export function growUnderLoad(): void {
  if (!knowsFlags) return;
  setFlagsFromString('--semi-space-growth-factor=16');
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  setFlagsFromString('--external-memory-max-growing-factor=4');
  setFlagsFromString('--heap-growing-percent=300');
}
