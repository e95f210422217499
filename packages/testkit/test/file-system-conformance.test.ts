import { nodeFileSystem } from '@barnabas/storage';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describeFileSystem } from './file-system-conformance.ts';
import { temporaryDirectory } from './temporary-directory.ts';

describeFileSystem('nodeFileSystem', async () => ({ files: nodeFileSystem, directory: await temporaryDirectory() }));

describeFileSystem('SimulatedFileSystem', async () => {
  const disk = new SimulatedDisk(seededRandom(1));
  disk.plantDirectory('/data');
  return { files: disk.newProcess(), directory: '/data' };
});
