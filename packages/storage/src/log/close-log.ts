import { join } from 'node:path';
import { replaceFile } from '../checkpoint/atomic-write.ts';
import { parseSegmentFileName, segmentFileName } from '../file-names.ts';
import { encodeProducerSnapshot } from '../producer/producer-snapshot.ts';
import { saveWhole } from '../segment/segment.ts';
import { LogClosedError } from '../storage-errors.ts';
import type { Log } from './log.ts';

/**
 * Flushes a log and closes its files, so that it can be opened again without a scan: with the closing entry in its time
 * index and a snapshot of the producer state at its end. Appends and reads are refused from now on.
 *
 * Rejects with LogDirFailedError; the log directory must not get its clean-shutdown marker then.
 */
export const closeLog = async (log: Log): Promise<void> => {
  const { commit, segments, writer, store, dir, producers, savedEpochs } = log.parts;
  log.refuse(new LogClosedError(log.name));
  await log.flush();
  try {
    const { active } = segments;
    await active.prepareForAppend();
    active.closeTimeIndex();
    await saveWhole(active.openIndexes);
    // Kafka leaves no snapshot for a log that has nothing in it, and none is needed.
    if (log.endOffset > segments.first.baseOffset) {
      const path = join(dir, segmentFileName(log.endOffset, '.snapshot'));
      await replaceFile(store.handles.fs, path, encodeProducerSnapshot(producers.states.snapshotEntries()));
      await removeStraySnapshots(log);
    }
    await savedEpochs.save();
    for (const segment of segments.all) await segment.release();
  } catch (error) {
    throw commit.fail(error);
  } finally {
    await savedEpochs.close();
    writer.leave();
  }
};

/** Lets go of a log that was refused as damaged; its files stay as they are. */
export const abandonLog = async ({ parts: { segments, writer, savedEpochs } }: Log): Promise<void> => {
  await savedEpochs.close();
  for (const segment of segments.all) await segment.release();
  writer.leave();
};

/** Snapshots are kept for the base of each segment and for the log's end. */
const removeStraySnapshots = async (log: Log): Promise<void> => {
  const { store, dir, segments } = log.parts;
  const bases = new Set(segments.all.map(({ baseOffset }) => baseOffset));
  for (const { name } of await store.handles.fs.list(dir)) {
    const file = parseSegmentFileName(name);
    if (file?.suffix !== '.snapshot' || file.state !== undefined) continue;
    if (file.baseOffset === log.endOffset || bases.has(file.baseOffset)) continue;
    await store.handles.fs.removeFile(join(dir, name));
  }
};
