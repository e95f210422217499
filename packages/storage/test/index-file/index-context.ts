import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { HandlePool } from '../../src/files/handle-pool.ts';
import type { IndexStore } from '../../src/index-file/entry-file.ts';
import { PAGE_BYTES, PageCache } from '../../src/index-file/page-cache.ts';

export const PATH = '/index';

/** An index store on a simulated disk, with a cache of so many pages. */
export class IndexContext {
  readonly disk = new SimulatedDisk(seededRandom(1));
  readonly store: IndexStore;

  constructor(cachedPages = 2) {
    this.store = {
      handles: new HandlePool(this.disk.newProcess(), 10),
      pages: new PageCache(cachedPages * PAGE_BYTES),
    };
  }

  async sizeBytes(): Promise<number> {
    return this.disk.listing().includes(PATH) ? (await this.store.handles.fs.stat(PATH)).sizeBytes : 0;
  }
}
