import { setImmediate as endOfTurn } from 'node:timers/promises';
import { writeAcl } from '../../jute/acl-codec.ts';
import { JuteWriter } from '../../jute/jute-writer.ts';
import { writeStatPersisted } from '../../jute/stat-codec.ts';
import type { NodeRecord, TreeImage } from '../../txn/tree-image.ts';
import { ADLER32_OF_NOTHING, adler32 } from './adler32.ts';
import { encodeFileHeader } from './file-header.ts';
import { writeFully } from './file-io.ts';
import type { FileHandle } from './file-system.ts';
import { AclTable } from './snapshot-acls.ts';

/** What is encoded, or walked over, before the event loop gets its turn: a millisecond or two. */
const SLICE_BYTES = 128 * 1024;
const SLICE_NODES = 2000;

/**
 * A snapshot (`org.apache.zookeeper.server.persistence.FileSnap`, `DataTree.serialize`):
 *
 *   header     16 bytes, see `file-header.ts`
 *   sessions   count int32, of each: id int64, timeout int32 in milliseconds
 *   ACLs       count int32, of each: number int64, vector of ACLs
 *   nodes      of each: path, data bytes, number of its ACL int64, StatPersisted; the root's path is '', and a parent
 *              comes before its children; ended by the path '/'
 *   seal       Adler-32 of all before int64, path '/'
 *
 * ZooKeeper since 3.6 adds a digest (zxid int64, version int32, digest int64) and a second seal, of all before. It
 * does without, and so does this: a digest is for finding out servers that differ from each other.
 *
 * Writes it to an empty file, in slices between which others have their turn.
 *
 * @param image is walked over twice
 */
export async function writeSnapshot(file: Pick<FileHandle, 'write'>, image: TreeImage): Promise<void> {
  const { acls, nodeCount } = await collectAcls(image);
  const output = new SnapshotOutput(file);
  await output.header();
  await output.each(image.sessions.size, image.sessions, (writer, [id, timeoutMs]) => {
    writer.int64(id);
    writer.int32(timeoutMs);
  });
  await output.each(acls.size, acls.entries(), (writer, [id, acl]) => {
    writer.safeInt64(id);
    writeAcl(writer, acl);
  });
  const writtenCount = await output.all(image.nodes, (writer, [path, node]) => writeNode(writer, path, node, acls));
  if (writtenCount !== nodeCount) throw new Error(`The image had ${nodeCount} znodes, then ${writtenCount}`);
  await output.seal();
}

async function collectAcls(image: TreeImage): Promise<{ acls: AclTable; nodeCount: number }> {
  const acls = new AclTable();
  let nodeCount = 0;
  for (const [, node] of image.nodes) {
    acls.idOf(node.acl);
    if (++nodeCount % SLICE_NODES === 0) await endOfTurn();
  }
  return { acls, nodeCount };
}

function writeNode(writer: JuteWriter, path: string, node: NodeRecord, acls: AclTable): void {
  writer.string(path === '/' ? '' : path);
  writer.bytes(node.data);
  writer.safeInt64(acls.idOf(node.acl));
  writeStatPersisted(writer, node);
}

/** Encodes into slices, and writes each when it is full. */
class SnapshotOutput {
  readonly #file: Pick<FileHandle, 'write'>;
  #writer = new JuteWriter(SLICE_BYTES);
  #position = 0;
  #checksum = ADLER32_OF_NOTHING;

  constructor(file: Pick<FileHandle, 'write'>) {
    this.#file = file;
  }

  async header(): Promise<void> {
    await this.#write(encodeFileHeader('snapshot'));
  }

  /** A count and so many items. */
  async each<T>(count: number, items: Iterable<T>, write: (writer: JuteWriter, item: T) => void): Promise<void> {
    this.#writer.int32(count);
    await this.all(items, write);
  }

  /** The items alone; answers how many there were. */
  async all<T>(items: Iterable<T>, write: (writer: JuteWriter, item: T) => void): Promise<number> {
    let count = 0;
    for (const item of items) {
      write(this.#writer, item);
      count++;
      if (this.#writer.lengthBytes >= SLICE_BYTES) await this.#flush();
    }
    return count;
  }

  async seal(): Promise<void> {
    this.#writer.string('/');
    await this.#flush();
    this.#writer.safeInt64(this.#checksum);
    this.#writer.string('/');
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const slice = this.#writer.finish();
    this.#writer = new JuteWriter(SLICE_BYTES);
    await this.#write(slice);
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#checksum = adler32(bytes, this.#checksum);
    await writeFully(this.#file, [bytes], this.#position);
    this.#position += bytes.length;
  }
}
