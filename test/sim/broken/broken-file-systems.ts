/** File systems that each leave out one thing that safety rests on. */
import { type FileSystem, systemError } from '@barnabas/storage';
import { delegate, delegateHandle } from '../../support/delegating-file-system.ts';

type Wrapper = (fs: FileSystem) => FileSystem;

/** A flush of these files does nothing, and says that it has. */
export const withoutSync =
  (isMeant: (path: string) => boolean): Wrapper =>
  (fs) => ({
    ...delegate(fs),
    async open(path, mode) {
      const file = await fs.open(path, mode);
      return isMeant(path) ? { ...delegateHandle(file), sync: async () => {} } : file;
    },
  });

/** These files cannot be found when they are read. */
export const withoutFile =
  (isMeant: (path: string) => boolean): Wrapper =>
  (fs) => ({
    ...delegate(fs),
    readFile: (path) => (isMeant(path) ? Promise.reject(systemError('ENOENT', 'open', path)) : fs.readFile(path)),
  });
