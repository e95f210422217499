/** Changes the finalized features of the cluster (KIP-584). */
import { array, bool, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const FeatureUpdate = struct({
  feature: string('0+'),
  /** Below 1: the feature is taken away. */
  maxVersionLevel: int16('0+'),
  allowDowngrade: bool('0', { default: false }),
  /** 1 upgrade, 2 downgrade that loses nothing, 3 downgrade that may lose metadata. */
  upgradeType: int8('1+', { default: 1 }),
});

export const UpdateFeaturesRequest = message('UpdateFeaturesRequest', '0-1', '0+', {
  timeoutMs: int32('0+', { default: 60_000 }),
  featureUpdates: array('0+', FeatureUpdate),
  validateOnly: bool('1+', { default: false }),
});
export type UpdateFeaturesRequest = TypeOf<typeof UpdateFeaturesRequest>;

const FeatureUpdateResult = struct({
  feature: string('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
});

export const UpdateFeaturesResponse = message('UpdateFeaturesResponse', '0-1', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  results: array('0+', FeatureUpdateResult),
});
export type UpdateFeaturesResponse = TypeOf<typeof UpdateFeaturesResponse>;
