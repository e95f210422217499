import { openDataDir } from '../../../src/server/persistence/data-dir.ts';
import { imageOf } from '../../support/persistence/images.ts';
import { txnOf } from '../../support/persistence/txns.ts';

// A process that appends to the data directory it is told, prints the zxid of whatever has become durable, takes a
// snapshot from time to time, and goes on until it is killed.
const [dataDir = ''] = process.argv.slice(2);
const { image, txns, txnLog, saveSnapshot, purge } = await openDataDir({ dataDir, snapCount: 200 });
let zxid = image.lastZxid + txns.length;
txnLog.listen({
  durable(durableZxid) {
    process.stdout.write(`${durableZxid}\n`);
    for (let count = 1 + (durableZxid % 9); count > 0; count--) append();
  },
  failed(error) {
    throw error;
  },
  snapshotDue() {
    saveSnapshot(imageOf(2000, { lastZxid: zxid })).then(() => purge(3));
  },
});
append();

function append(): void {
  zxid++;
  txnLog.append(txnOf(zxid, { sizeBytes: (zxid * 37) % 5000 }));
}
