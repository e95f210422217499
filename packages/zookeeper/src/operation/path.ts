/**
 * Whether `path` names a znode: absolute, no empty, `.` or `..` part, no slash at its end, no control character,
 * surrogate or private-use character. What is wrong with it, or undefined where nothing is. The rules are those of
 * ZooKeeper's `PathUtils.validatePath`.
 */
export function problemOfPath(path: string): string | undefined {
  if (path === '/') return undefined;
  if (path === '') return 'it is empty';
  if (!path.startsWith('/')) return 'it does not start with /';
  if (path.endsWith('/')) return 'it ends with /';
  for (let at = 0; at < path.length; at++) {
    const problem = problemOfCharacter(path.charCodeAt(at));
    if (problem !== undefined) return `${problem} at ${at}`;
  }
  for (const part of path.slice(1).split('/')) {
    if (part === '') return 'it has an empty part';
    if (part === '.' || part === '..') return 'it is relative';
  }
  return undefined;
}

function problemOfCharacter(code: number): string | undefined {
  if (code === 0) return 'it has a null character';
  const isInvalid =
    code <= 0x1f || (code >= 0x7f && code <= 0x9f) || (code >= 0xd800 && code <= 0xf8ff) || code >= 0xfff0;
  return isInvalid ? 'it has an invalid character' : undefined;
}

/** `/a/b` -> `/a`, `/a` -> `/`. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** `/a/b` -> `b`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of `child` below `parent`. */
export function childPath(parent: string, child: string): string {
  return parent === '/' ? `/${child}` : `${parent}/${child}`;
}
