import type { ErrorResult, MultiResult, Reply } from '../../operation/reply.ts';
import type { OpName } from '../../operation/request.ts';
import type { Applied } from './applied.ts';

/** What a write is answered with. */
export function replyToWrite(op: OpName, applied: Applied): Reply | ErrorResult {
  switch (applied.type) {
    case 'created':
      return op === 'create2' || op === 'createContainer' || op === 'createTTL'
        ? { op, path: applied.path, stat: applied.stat }
        : { op: 'create', path: applied.path };
    case 'changed':
      return { op: op === 'setACL' ? op : 'setData', stat: applied.stat };
    case 'deleted':
      return { op: 'delete' };
    case 'checked':
      return { op: 'check' };
    case 'session':
      return { op: 'closeSession' };
    case 'failed':
      return { op: 'error', code: applied.code };
    case 'multi':
      return { op: 'multi', results: applied.results.map(multiResult) };
  }
}

/** What was made with `create2` is answered as if with `create`; a container or a TTL with its stat. */
function multiResult(applied: Applied): MultiResult {
  switch (applied.type) {
    case 'created':
      return applied.kind === 'create'
        ? { op: 'create', path: applied.path }
        : { op: 'create2', path: applied.path, stat: applied.stat };
    case 'changed':
      return { op: 'setData', stat: applied.stat };
    case 'deleted':
      return { op: 'delete' };
    case 'failed':
      return { op: 'error', code: applied.code };
    default:
      return { op: 'check' };
  }
}
