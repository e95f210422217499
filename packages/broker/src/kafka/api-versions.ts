import { ERRORS } from '@barnabas/model';
import { APIS, type InputOf } from '@barnabas/protocol';
import type { PeerHandler, PeerHandlers } from '@barnabas/transport';
import { SERVED_APIS, type ServedApis, servedApis, type VersionRange } from './served-apis.ts';

type Answer = InputOf<typeof APIS.ApiVersions.response>;

/** From here on a client says which software it is; Kafka refuses what is no name. */
const SOFTWARE_FROM = 3;
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;
/** There are no features, and nothing has changed that. */
const FEATURES_EPOCH = 0n;

/** What is served with these handlers, and ApiVersions, which tells of all of it. */
export function servedWithApiVersions(handlers: PeerHandlers): ServedApis {
  const served: ServedApis = servedApis({ ...handlers, ApiVersions: apiVersionsHandler(() => served) });
  return served;
}

/** ApiVersions, versions 0 to 4. */
const apiVersionsHandler =
  (served: () => ServedApis): PeerHandler<'ApiVersions'> =>
  ({ clientSoftwareName, clientSoftwareVersion }, { version }) => {
    const isNamed = SOFTWARE.test(clientSoftwareName) && SOFTWARE.test(clientSoftwareVersion);
    if (version >= SOFTWARE_FROM && !isNamed)
      return { errorCode: ERRORS.INVALID_REQUEST.code, apiKeys: [], throttleTimeMs: 0 };
    return {
      errorCode: ERRORS.NONE.code,
      apiKeys: Array.from(served().values(), ({ api, versions }) => rangeOf(api.key, versions)),
      throttleTimeMs: 0,
      finalizedFeaturesEpoch: FEATURES_EPOCH,
    };
  };

/** For a client that asks in a version that there is not, in version 0: it asks again in one that it finds here (KIP-511). */
export function unsupportedApiVersions(): Answer {
  const { key, versions } = APIS.ApiVersions;
  return {
    errorCode: ERRORS.UNSUPPORTED_VERSION.code,
    apiKeys: [rangeOf(key, SERVED_APIS.ApiVersions ?? versions)],
    throttleTimeMs: 0,
  };
}

const rangeOf = (apiKey: number, { min, max }: VersionRange): Answer['apiKeys'][number] => ({
  apiKey,
  minVersion: min,
  maxVersion: max,
});
