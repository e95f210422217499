/**
 * Node's HTTP client. An `import` would evaluate all that the module exports, Node's own `fetch` and WebSocket among it, which takes
 * tens of milliseconds of a start.
 */
export const { Agent, get } = process.getBuiltinModule('node:http');
