import { row } from './row.ts';
import { booleanThatStaysFalse, long } from './value-type.ts';

/** Tiered storage. There is none here: the properties are known because Kafka shows and sets them, and stay off. */
export const REMOTE_ROWS = {
  remoteStorageEnable: row({
    topic: 'remote.storage.enable',
    broker: [],
    type: booleanThatStaysFalse,
    default: false,
    dynamic: false,
    honoured: false,
    sentence: 'Whether old segments move to remote storage.',
  }),
  remoteLogCopyDisable: row({
    topic: 'remote.log.copy.disable',
    broker: [],
    type: booleanThatStaysFalse,
    default: false,
    dynamic: false,
    honoured: false,
    sentence: 'Whether no more segments are copied to remote storage.',
  }),
  remoteLogDeleteOnDisable: row({
    topic: 'remote.log.delete.on.disable',
    broker: [],
    type: booleanThatStaysFalse,
    default: false,
    dynamic: false,
    honoured: false,
    sentence: 'Whether remote segments go when remote storage is switched off.',
  }),
  localRetentionMs: row({
    topic: 'local.retention.ms',
    broker: [{ name: 'log.local.retention.ms' }],
    type: long({ min: -2 }),
    default: -2,
    dynamic: true,
    honoured: false,
    sentence: 'Age up to which segments stay here as well; -2 is that of `retention.ms`.',
  }),
  localRetentionBytes: row({
    topic: 'local.retention.bytes',
    broker: [{ name: 'log.local.retention.bytes' }],
    type: long({ min: -2 }),
    default: -2,
    dynamic: true,
    honoured: false,
    sentence: 'Size up to which segments stay here as well; -2 is that of `retention.bytes`.',
  }),
};
