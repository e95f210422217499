/**
 * Asked for first on a connection: which APIs, in which versions. A client that asks in too new a version is answered in
 * version 0: UNSUPPORTED_VERSION, and the range it may use. The header of the answer is never a flexible one.
 */
import { array, bool, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const ApiVersionsRequest = message('ApiVersionsRequest', '0-4', '3+', {
  clientSoftwareName: string('3+', { ignorable: true }),
  clientSoftwareVersion: string('3+', { ignorable: true }),
});
export type ApiVersionsRequest = TypeOf<typeof ApiVersionsRequest>;

const ApiVersion = struct({
  apiKey: int16('0+'),
  minVersion: int16('0+'),
  maxVersion: int16('0+'),
});

const SupportedFeature = struct({
  name: string('3+'),
  minVersion: int16('3+'),
  maxVersion: int16('3+'),
});

const FinalizedFeature = struct({
  name: string('3+'),
  maxVersionLevel: int16('3+'),
  minVersionLevel: int16('3+'),
});

export const ApiVersionsResponse = message('ApiVersionsResponse', '0-4', '3+', {
  errorCode: int16('0+'),
  apiKeys: array('0+', ApiVersion),
  throttleTimeMs: int32('1+', { ignorable: true }),
  supportedFeatures: array('3+', SupportedFeature, { tag: 0, ignorable: true }),
  /** -1: not known. */
  finalizedFeaturesEpoch: int64('3+', { tag: 1, default: -1n, ignorable: true }),
  finalizedFeatures: array('3+', FinalizedFeature, { tag: 2, ignorable: true }),
  zkMigrationReady: bool('3+', { tag: 3, ignorable: true }),
});
export type ApiVersionsResponse = TypeOf<typeof ApiVersionsResponse>;
