import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Node's own `fetch`, WebSocket and all that they need. */
const NODES_FETCH = 'NativeModule internal/deps/undici/undici';

describe('what a start loads', () => {
  it("is none of Node's own fetch, which is tens of milliseconds", async () => {
    const program = `
      for (const entry of ['src/program.ts', 'src/server/run-server.ts', 'src/local-cluster/dev.ts']) {
        await import(${JSON.stringify(new URL('..', import.meta.url).href)} + entry);
      }
      console.log(process.moduleLoadList.filter((name) => name === '${NODES_FETCH}').length);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout.trim()).toBe('0');
  });
});
