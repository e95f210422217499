/**
 *   Stat            czxid int64 | mzxid int64 | ctime int64 | mtime int64 | version int32 | cversion int32 | aversion int32
 *                   | ephemeralOwner int64 | dataLength int32 | numChildren int32 | pzxid int64
 *   StatPersisted   the same without dataLength and numChildren; snapshots have it
 */
import type { Stat } from '../operation/stat.ts';
import type { JuteReader } from './jute-reader.ts';
import type { JuteWriter } from './jute-writer.ts';

/** What a snapshot keeps of a znode's stat; the rest is counted (`org.apache.zookeeper.data.StatPersisted`). */
export type StatPersisted = Omit<Stat, 'dataLengthBytes' | 'numChildren'>;

/** What comes before the two counts, in both records. */
type StatHead = Omit<StatPersisted, 'pzxid'>;

export function readStat(reader: JuteReader): Stat {
  return {
    ...readHead(reader),
    dataLengthBytes: reader.int32(),
    numChildren: reader.int32(),
    pzxid: reader.safeInt64(),
  };
}

export function writeStat(writer: JuteWriter, stat: Stat): void {
  writeHead(writer, stat);
  writer.int32(stat.dataLengthBytes);
  writer.int32(stat.numChildren);
  writer.safeInt64(stat.pzxid);
}

export function readStatPersisted(reader: JuteReader): StatPersisted {
  return { ...readHead(reader), pzxid: reader.safeInt64() };
}

export function writeStatPersisted(writer: JuteWriter, stat: StatPersisted): void {
  writeHead(writer, stat);
  writer.safeInt64(stat.pzxid);
}

function readHead(reader: JuteReader): StatHead {
  return {
    czxid: reader.safeInt64(),
    mzxid: reader.safeInt64(),
    ctimeMs: reader.safeInt64(),
    mtimeMs: reader.safeInt64(),
    version: reader.int32(),
    cversion: reader.int32(),
    aversion: reader.int32(),
    ephemeralOwner: reader.int64(),
  };
}

function writeHead(writer: JuteWriter, stat: StatHead): void {
  writer.safeInt64(stat.czxid);
  writer.safeInt64(stat.mzxid);
  writer.safeInt64(stat.ctimeMs);
  writer.safeInt64(stat.mtimeMs);
  writer.int32(stat.version);
  writer.int32(stat.cversion);
  writer.int32(stat.aversion);
  writer.int64(stat.ephemeralOwner);
}
