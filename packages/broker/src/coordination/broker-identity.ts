/**
 * Who a broker is: the id of its cluster, which the first broker made, and its own, which is set, was written into its log
 * directories, or is made now.
 */
import { join } from 'node:path';
import { type BrokerId, brokerId, type Random } from '@barnabas/model';
import { type FileSystem, META_PROPERTIES, type MetaProperties, readMetaProperties } from '@barnabas/storage';
import { createOrGetClusterId, generateBrokerId, type ZooKeeperSession } from '@barnabas/zookeeper';

export type BrokerIdentity = {
  readonly brokerId: BrokerId;
  readonly clusterId: string;
  /** Log directories that do not yet say whose they are; none for a broker whose id is new, and which has lost nothing. */
  readonly newDirs: ReadonlySet<string>;
  /** Log directories that say nothing else than that they are this broker's. */
  readonly ownDirs: readonly string[];
};

export type IdentityOptions = {
  readonly session: ZooKeeperSession;
  readonly fs: FileSystem;
  readonly random: Random;
  /** `log.dirs` */
  readonly logDirs: readonly string[];
  /** `broker.id`; -1 where none is set. */
  readonly configuredId: number;
  /** `reserved.broker.max.id` */
  readonly reservedMaxId: number;
};

/**
 * Whether the log directories really are this broker's, the log manager finds out: it checks each, and writes down whose a new
 * one is.
 *
 * Rejects with ZooKeeperError, MalformedZnodeError, and with MalformedFileError for a `meta.properties` that cannot be read.
 */
export async function identify(options: IdentityOptions): Promise<BrokerIdentity> {
  const { session, random, configuredId, reservedMaxId } = options;
  const clusterId = await createOrGetClusterId(session, random);
  const dirs = await readDirs(options);
  const writtenId = dirs.map(({ found }) => found?.brokerId).find((id) => id !== undefined);
  const known = configuredId >= 0 ? brokerId(configuredId) : writtenId;
  const id = known ?? (await generateBrokerId(session, reservedMaxId));
  const newDirs = known === undefined ? [] : dirs.filter(({ found }) => found === undefined);
  const ownDirs = dirs.filter(
    ({ found }) => (found?.brokerId ?? id) === id && (found?.clusterId ?? clusterId) === clusterId,
  );
  return {
    brokerId: id,
    clusterId,
    newDirs: new Set(newDirs.map(({ path }) => path)),
    ownDirs: ownDirs.map(({ path }) => path),
  };
}

type FoundDir = { readonly path: string; readonly found: MetaProperties | undefined };

/** One that cannot be read is offline, which is found out later. */
async function readDirs({ fs, logDirs }: IdentityOptions): Promise<readonly FoundDir[]> {
  const read = async (path: string): Promise<FoundDir> => {
    const found = await readMetaProperties(fs, join(path, META_PROPERTIES)).catch(unlessOffline);
    return { path, found };
  };
  return Promise.all(logDirs.map(read));
}

function unlessOffline(error: unknown): undefined {
  const isSystems = error instanceof Error && 'code' in error;
  if (!isSystems) throw error;
}
