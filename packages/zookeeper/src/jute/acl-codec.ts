import type { Acl } from '../operation/acl.ts';
import type { JuteReader } from './jute-reader.ts';
import type { JuteWriter } from './jute-writer.ts';

/** Permissions, and the lengths of two strings. */
const ACL_BYTES_MIN = 12;

/** A vector of `org.apache.zookeeper.data.ACL`. A null is read as none: a scheme that is null is no scheme either. */
export function readAcl(reader: JuteReader): Acl[] {
  return reader.vector(ACL_BYTES_MIN, () => ({
    permissions: reader.int32(),
    scheme: reader.string() ?? '',
    id: reader.string() ?? '',
  }));
}

export function writeAcl(writer: JuteWriter, acl: readonly Acl[]): void {
  writer.vector(acl, (_, { permissions, scheme, id }) => {
    writer.int32(permissions);
    writer.string(scheme);
    writer.string(id);
  });
}
