import { ERRORS } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import type { MetadataCache } from '../cluster/metadata-cache.ts';
import type { Logger } from '../logger.ts';
import { answered } from './answered.ts';

export type UpdateMetadataHandlerOptions = { readonly cache: MetadataCache; readonly log: Logger };

/** UpdateMetadata, versions 0 to 8: see `MetadataCache.update`. */
export const updateMetadataHandler = ({ cache, log }: UpdateMetadataHandlerOptions): PeerHandler<'UpdateMetadata'> =>
  answered(
    'UpdateMetadata',
    log,
    (request) => {
      cache.update(request);
      return { errorCode: ERRORS.NONE.code };
    },
    ({ error, message }, { controllerId, controllerEpoch }) => {
      log.warn({ error, controllerId, controllerEpoch }, `refused an UpdateMetadata: ${message}`);
      return { errorCode: ERRORS[error].code };
    },
  );
