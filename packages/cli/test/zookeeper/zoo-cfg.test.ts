import { FOUR_LETTER_WORDS } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { parseZooCfg } from '../../src/zookeeper/zoo-cfg.ts';

describe('parseZooCfg', () => {
  it("takes ZooKeeper's own properties", () => {
    const text = `
      # The number of milliseconds of each tick
      tickTime=3000
      initLimit=10
      syncLimit=5
      dataDir=/var/lib/zookeeper
      clientPort=2182
      clientPortAddress = 10.0.0.1
      minSessionTimeout=1000
      maxSessionTimeout=-1
      maxClientCnxns=0
      snapCount=500
      autopurge.snapRetainCount=5
      extendedTypesEnabled=TRUE
      forceSync=no
      jute.maxbuffer=4194304
      znode.container.checkIntervalMs=1000
      DigestAuthenticationProvider.superDigest=super:xyz=
    `;
    expect(parseZooCfg(text)).toEqual({
      settings: {
        tickTimeMs: 3000,
        dataDir: '/var/lib/zookeeper',
        port: 2182,
        host: '10.0.0.1',
        minSessionTimeoutMs: 1000,
        maxClientConnections: 0,
        snapCount: 500,
        snapshotsKept: 5,
        extendedTypes: true,
        sync: 'none',
        maxFrameBytes: 4_194_304,
        containerCheckIntervalMs: 1000,
        superDigest: 'super:xyz=',
      },
      warnings: [],
    });
  });

  it('leaves to the server what the file does not say', () => {
    expect(parseZooCfg('# nothing')).toEqual({ settings: {}, warnings: [] });
  });

  it.each([
    ['*', FOUR_LETTER_WORDS, []],
    ['mntr, ruok', ['srvr', 'mntr', 'ruok'], []],
    ['', ['srvr'], []],
    ['ruok,wchp,dump', ['srvr', 'ruok'], ['4lw.commands.whitelist names wchp,dump, which this server has not']],
  ])('takes the four-letter words %j', (list, fourLetterWords, warnings) => {
    expect(parseZooCfg(`4lw.commands.whitelist=${list}`)).toEqual({ settings: { fourLetterWords }, warnings });
  });

  it('keeps three snapshots at least, as ZooKeeper does', () => {
    expect(parseZooCfg('autopurge.snapRetainCount=1').settings.snapshotsKept).toBe(3);
  });

  it.each([
    ['server.1=host:2888:3888', /^server\.1 .* joins no ensemble$/],
    ['dataLogDir=/logs', /^dataLogDir .* beside the snapshots$/],
    ['secureClientPort=2281', /^secureClientPort .* no TLS$/],
    ['ssl.keyStore.location=/k', /^ssl\.keyStore\.location .* no TLS$/],
    ['autopurge.purgeInterval=1', /^autopurge\.purgeInterval /],
    ['admin.serverPort=8080', /^admin\.serverPort .* does not know it$/],
    ['toString=1', /^toString .* does not know it$/],
  ])('says of %s that it is passed over', (line, warning) => {
    expect(parseZooCfg(line)).toEqual({ settings: {}, warnings: [expect.stringMatching(warning)] });
  });

  it.each([
    ['tickTime=2s', /tickTime is 2s; it has to be a whole number from 1 to 2147483647/],
    ['tickTime=0', /tickTime is 0/],
    ['clientPort=65536', /clientPort is 65536; it has to be a whole number from 0 to 65535/],
    ['maxSessionTimeout=', /maxSessionTimeout is empty/],
    ['dataDir=', /dataDir is empty/],
    ['clientPortAddress= ', /clientPortAddress is empty/],
    ['jute.maxbuffer=0x7fffffff', /jute\.maxbuffer is 0x7fffffff; .* to 1073741824/],
    ['snapCount=-1', /snapCount is -1/],
    ['dataDir=\\u00g0', /no properties file/],
  ])('refuses %s', (line, message) => {
    expect(() => parseZooCfg(line)).toThrow(message);
  });
});
