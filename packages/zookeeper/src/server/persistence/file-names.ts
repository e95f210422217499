/**
 * What lies in `<dataDir>/version-2`, the same as with ZooKeeper:
 *
 *   log.<zxid>        transactions; the zxid is that of the first
 *   snapshot.<zxid>   the tree; the zxid is that of the last transaction that it surely has, some later ones may be in it
 *
 * zxids are hexadecimal, without zeros in front.
 */
export const VERSION_DIRECTORY = 'version-2';

export type ZxidFileKind = 'log' | 'snapshot';

/** A file that is named for a zxid. */
export type ZxidFile = { readonly name: string; readonly zxid: number };

export function zxidFileName(kind: ZxidFileKind, zxid: number): string {
  return `${kind}.${zxid.toString(16)}`;
}

/**
 * The name under which a snapshot is written. Neither this server nor ZooKeeper, which reads `snapshot.<zxid>.anything`
 * as a snapshot, takes it for one.
 */
export function temporarySnapshotName(zxid: number): string {
  return `${TEMPORARY_PREFIX}${zxidFileName('snapshot', zxid)}`;
}

export function isTemporarySnapshot(name: string): boolean {
  return name.startsWith(TEMPORARY_PREFIX);
}

const TEMPORARY_PREFIX = 'new-';

/** The files of that kind among `names`, in order of zxid; names that are anything else are left out. */
export function zxidFiles(kind: ZxidFileKind, names: Iterable<string>): ZxidFile[] {
  const files: ZxidFile[] = [];
  for (const name of names) {
    const [prefix, digits = '', ...rest] = name.split('.');
    if (prefix !== kind || rest.length > 0 || !/^[0-9a-f]{1,16}$/i.test(digits)) continue;
    const zxid = Number.parseInt(digits, 16);
    if (Number.isSafeInteger(zxid)) files.push({ name, zxid });
  }
  return files.sort((a, b) => a.zxid - b.zxid);
}
