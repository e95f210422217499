import { describe, expect, expectTypeOf, it } from 'vitest';
import { requestHeaderVersion, responseHeaderVersion } from '../../src/messages/api.ts';
import { APIS, type ApiName, apiByKey } from '../../src/messages/apis.ts';
import type { FetchRequest } from '../../src/messages/fetch.ts';
import type { TypeOf } from '../../src/schema/field.ts';
import { ALL_APIS, goldenText } from '../support/golden-samples.ts';

type IndexRow = {
  readonly api: string;
  readonly key: number;
  readonly min: number;
  readonly max: number;
  readonly clusterAction: boolean;
  readonly requestHeader: readonly number[];
  readonly responseHeader: readonly number[];
};
type OfferedRow = { readonly key: number; readonly name: string; readonly min: number; readonly max: number };

const byKey = (a: { readonly key: number }, b: { readonly key: number }): number => a.key - b.key;
const INDEX = (JSON.parse(goldenText('index.json')) as IndexRow[]).toSorted(byKey);
const OFFERED = (JSON.parse(goldenText('zk-broker-apis.json')) as OfferedRow[]).toSorted(byKey);

describe('APIS', () => {
  it('has the APIs and versions that a broker of ZooKeeper mode offers', () => {
    const ours = ALL_APIS.map(({ key, name, versions }) => ({ key, name, ...versions }));
    expect(ours).toEqual(OFFERED);
  });

  it('is, row by row, what Kafka says of its APIs', () => {
    const ours = ALL_APIS.map((api) => {
      const versions = Array.from({ length: api.versions.max - api.versions.min + 1 }, (_, n) => api.versions.min + n);
      return {
        api: api.name,
        key: api.key,
        ...api.versions,
        clusterAction: api.clusterAction,
        requestHeader: versions.map((version) => requestHeaderVersion(api, version)),
        responseHeader: versions.map((version) => responseHeaderVersion(api, version)),
      };
    });
    const kafkas = INDEX.map(({ api, key, min, max, clusterAction, requestHeader, responseHeader }) => {
      return { api, key, min, max, clusterAction, requestHeader, responseHeader };
    });
    expect(ours).toEqual(kafkas);
  });

  it('has a request and a response of the same name, versions and flexible versions in each row', () => {
    for (const [name, api] of Object.entries(APIS)) {
      expect(api.name).toBe(name);
      expect([api.request.name, api.response.name]).toEqual([`${name}Request`, `${name}Response`]);
      expect(api.response.versions, name).toEqual(api.request.versions);
      expect(api.response.flexibleVersions, name).toEqual(api.request.flexibleVersions);
      expect(api.flexibleVersions, name).toEqual(api.request.flexibleVersions);
    }
  });

  it('is typed by name', () => {
    expectTypeOf<TypeOf<typeof APIS.Fetch.request>>().toEqualTypeOf<FetchRequest>();
    expectTypeOf(APIS.Fetch.name).toEqualTypeOf<'Fetch'>();
    expectTypeOf<'Fetch' | 'Envelope'>().toExtend<ApiName>();
  });
});

describe('apiByKey', () => {
  it('finds each API by its number', () => {
    for (const api of ALL_APIS) expect(apiByKey(api.key)).toBe(api);
  });

  it.each([-1, 52, 55, 59, 62, 75, 999])('knows no API %d', (key) => {
    expect(apiByKey(key)).toBeUndefined();
  });
});

describe('the header of a request in too new a version', () => {
  it('is a flexible one, so that ApiVersions can be answered', () => {
    expect(requestHeaderVersion(APIS.ApiVersions, 5)).toBe(2);
    expect(responseHeaderVersion(APIS.ApiVersions, 5)).toBe(0);
  });
});
