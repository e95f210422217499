import { readAcl } from '../../jute/acl-codec.ts';
import { JuteReader } from '../../jute/jute-reader.ts';
import { MalformedJuteError } from '../../jute/malformed-jute-error.ts';
import { readStatPersisted } from '../../jute/stat-codec.ts';
import { parentPath } from '../../operation/path.ts';
import type { NodeRecord, TreeImage } from '../../txn/tree-image.ts';
import { adler32 } from './adler32.ts';
import { FILE_HEADER_BYTES, problemOfFileHeader } from './file-header.ts';
import { AclsById } from './snapshot-acls.ts';

/** Session id and timeout. */
const SESSION_BYTES = 12;
/** Number and the length of a vector. */
const ACL_BYTES_MIN = 12;
/** Digests before this version are hexadecimal text. */
const NUMERIC_DIGEST_VERSION = 2;

/**
 * Reads a snapshot, of which `snapshot-writer.ts` has the layout. A digest, as ZooKeeper writes one, has to be whole,
 * and is not looked at. Data are copies, so that a znode does not keep the whole file in memory.
 *
 * @param zxid the one in the file's name
 * @throws MalformedJuteError where it is not whole, as it is after a crash of ZooKeeper, which does not flush it
 */
export function readSnapshot(bytes: Buffer, zxid: number): TreeImage {
  const problem = problemOfFileHeader('snapshot', bytes);
  if (problem !== undefined) throw new MalformedJuteError(0, `A snapshot is not one: ${problem},`);
  const reader = new JuteReader(bytes, FILE_HEADER_BYTES);
  const sessions = new Map(reader.vector(SESSION_BYTES, () => [reader.int64(), reader.int32()] as const));
  const acls = new AclsById();
  reader.vector(ACL_BYTES_MIN, () => acls.add(reader.int64(), readAcl(reader)));
  const nodes = readNodes(reader, acls);
  checkSeal(bytes, reader);
  if (reader.remainingBytes > 0) {
    skipDigest(reader);
    checkSeal(bytes, reader);
  }
  if (reader.remainingBytes > 0) throw new MalformedJuteError(reader.position, 'A snapshot goes on after its end');
  return { lastZxid: zxid, sessions, nodes };
}

function readNodes(reader: JuteReader, acls: AclsById): Map<string, NodeRecord> {
  const nodes = new Map<string, NodeRecord>();
  for (;;) {
    const at = reader.position;
    const writtenPath = reader.requiredString();
    if (writtenPath === '/') {
      if (nodes.size === 0) throw new MalformedJuteError(at, 'A snapshot has no root');
      return nodes;
    }
    const path = writtenPath === '' ? '/' : writtenPath;
    const isPlaced = path === '/' ? nodes.size === 0 : nodes.has(parentPath(path)) && !nodes.has(path);
    if (!isPlaced) throw new MalformedJuteError(at, `Znode ${path} has no parent, or comes twice,`);
    nodes.set(path, readNode(reader, acls));
  }
}

function readNode(reader: JuteReader, acls: AclsById): NodeRecord {
  const data = reader.bytes();
  const at = reader.position;
  const acl = acls.get(reader.int64());
  if (acl === undefined) throw new MalformedJuteError(at, 'The ACL of a znode is not in the table');
  return { data: data === null ? null : Buffer.from(data), acl, ...readStatPersisted(reader) };
}

function checkSeal(bytes: Buffer, reader: JuteReader): void {
  const at = reader.position;
  const checksum = reader.int64();
  if (checksum !== BigInt(adler32(bytes.subarray(0, at)))) {
    throw new MalformedJuteError(at, 'The checksum of a snapshot is wrong');
  }
  if (reader.string() !== '/') throw new MalformedJuteError(at, 'A snapshot does not end with /');
}

function skipDigest(reader: JuteReader): void {
  reader.int64();
  if (reader.int32() < NUMERIC_DIGEST_VERSION) reader.string();
  else reader.int64();
}
