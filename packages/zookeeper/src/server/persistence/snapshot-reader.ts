import { readAcl } from '../../jute/acl-codec.ts';
import type { JuteReader } from '../../jute/jute-reader.ts';
import { MalformedJuteError } from '../../jute/malformed-jute-error.ts';
import { readStatPersisted } from '../../jute/stat-codec.ts';
import { parentPath } from '../../operation/path.ts';
import type { NodeRecord, TreeImage } from '../../txn/tree-image.ts';
import { FILE_HEADER_BYTES, problemOfFileHeader } from './file-header.ts';
import type { FileWindow } from './file-window.ts';
import { AclsById } from './snapshot-acls.ts';
import { SnapshotInput } from './snapshot-input.ts';

/** Digests before this version are hexadecimal text. */
const NUMERIC_DIGEST_VERSION = 2;

/**
 * Reads a snapshot, of which `snapshot-writer.ts` has the layout, a window of the file at a time: it may be larger than
 * memory would have it in one piece. A digest, as ZooKeeper writes one, has to be whole, and is not looked at. Data are
 * copies, so that a znode does not keep its window in memory.
 *
 * @param zxid the one in the file's name
 * @throws MalformedJuteError where it is not whole, as it is after a crash of ZooKeeper, which does not flush it
 */
export async function readSnapshot(window: FileWindow, zxid: number): Promise<TreeImage> {
  const header = await window.read(0, FILE_HEADER_BYTES);
  const problem = problemOfFileHeader('snapshot', header);
  if (problem !== undefined) throw new MalformedJuteError(0, `A snapshot is not one: ${problem},`);
  const input = new SnapshotInput(window, header);
  const sessions = new Map<bigint, number>();
  await readVector(input, (reader) => {
    const id = reader.int64();
    sessions.set(id, reader.int32());
  });
  const acls = new AclsById();
  await readVector(input, (reader) => acls.add(reader.int64(), readAcl(reader)));
  const nodes = await readNodes(input, acls);
  await checkSeal(input);
  if (input.remainingBytes > 0) {
    await input.one(skipDigest);
    await checkSeal(input);
  }
  if (input.remainingBytes > 0) throw new MalformedJuteError(input.position, 'A snapshot goes on after its end');
  return { lastZxid: zxid, sessions, nodes };
}

/** A count and so many items; a count of -1 is none. */
async function readVector(input: SnapshotInput, readItem: (reader: JuteReader) => void): Promise<void> {
  const at = input.position;
  let left = await input.one((reader) => reader.int32());
  if (left < -1) throw new MalformedJuteError(at, `A snapshot has ${left} of something`);
  if (left <= 0) return;
  await input.each((reader) => {
    readItem(reader);
    return --left > 0;
  });
}

async function readNodes(input: SnapshotInput, acls: AclsById): Promise<Map<string, NodeRecord>> {
  const nodes = new Map<string, NodeRecord>();
  await input.each((reader) => {
    const at = reader.position;
    const writtenPath = reader.requiredString();
    if (writtenPath === '/') {
      if (nodes.size === 0) throw new MalformedJuteError(at, 'A snapshot has no root');
      return false;
    }
    const path = writtenPath === '' ? '/' : writtenPath;
    const isPlaced = path === '/' ? nodes.size === 0 : nodes.has(parentPath(path)) && !nodes.has(path);
    if (!isPlaced) throw new MalformedJuteError(at, `Znode ${path} has no parent, or comes twice,`);
    nodes.set(path, readNode(reader, acls));
    return true;
  });
  return nodes;
}

function readNode(reader: JuteReader, acls: AclsById): NodeRecord {
  const data = reader.bytes();
  const at = reader.position;
  const acl = acls.get(reader.int64());
  if (acl === undefined) throw new MalformedJuteError(at, 'The ACL of a znode is not in the table');
  return { data: data === null ? null : Buffer.from(data), acl, ...readStatPersisted(reader) };
}

async function checkSeal(input: SnapshotInput): Promise<void> {
  const at = input.position;
  const checksum = BigInt(input.checksum());
  if ((await input.one((reader) => reader.int64())) !== checksum) {
    throw new MalformedJuteError(at, 'The checksum of a snapshot is wrong');
  }
  const end = await input.one((reader) => reader.string());
  if (end !== '/') throw new MalformedJuteError(at, 'A snapshot does not end with /');
}

function skipDigest(reader: JuteReader): void {
  reader.int64();
  if (reader.int32() < NUMERIC_DIGEST_VERSION) reader.string();
  else reader.int64();
}
