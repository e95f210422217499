import { hex } from './numbers.ts';
import type { ConnectionView, SessionView } from './server-view.ts';

const READ_INTEREST = 1;
const WRITE_INTEREST = 4;

/** A line of `cons`, or of `stat` where it is `brief`: ` /127.0.0.1:50132[1](queued=0,recved=7,sent=7,sid=...)`. */
export function connectionLine(connection: ConnectionView, brief: boolean): string {
  const { remoteHost, remotePort, outstanding, received, sent, session } = connection;
  const fields = [`queued=${outstanding}`, `recved=${received}`, `sent=${sent}`];
  if (!brief && session !== undefined) fields.push(...sessionFields(session));
  const interest = (connection.isRead ? READ_INTEREST : 0) + (connection.isWritePending ? WRITE_INTEREST : 0);
  return ` /${remoteHost}:${remotePort}[${interest}](${fields.join()})`;
}

function sessionFields(session: SessionView): string[] {
  const { latency } = session;
  return [
    `sid=${hex(session.id)}`,
    `lop=${session.lastOp}`,
    `est=${session.establishedMs}`,
    `to=${session.timeoutMs}`,
    ...(session.lastCxid === undefined ? [] : [`lcxid=${hex(session.lastCxid)}`]),
    `lzxid=${hex(session.lastZxid)}`,
    `lresp=${Math.floor(session.lastResponseMs)}`,
    `llat=${Math.floor(session.lastLatencyMs)}`,
    `minlat=${latency.minMs}`,
    `avglat=${Math.floor(latency.averageMs)}`,
    `maxlat=${latency.maxMs}`,
  ];
}
