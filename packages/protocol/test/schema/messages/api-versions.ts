import { array, bool, int16, int32, int64, string, struct } from '../../../src/schema/field.ts';
import { message } from '../../../src/schema/message.ts';

export const ApiVersionsRequest = message('ApiVersionsRequest', '0-4', '3+', {
  clientSoftwareName: string('3+', { ignorable: true }),
  clientSoftwareVersion: string('3+', { ignorable: true }),
});

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
  supportedFeatures: array('3+', SupportedFeature, { ignorable: true, tag: 0 }),
  finalizedFeaturesEpoch: int64('3+', { ignorable: true, tag: 1, default: -1n }),
  finalizedFeatures: array('3+', FinalizedFeature, { ignorable: true, tag: 2 }),
  zkMigrationReady: bool('3+', { ignorable: true, tag: 3, default: false }),
});
