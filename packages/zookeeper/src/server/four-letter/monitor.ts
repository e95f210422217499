import { decimal } from './numbers.ts';
import type { OpenFiles } from './open-files.ts';
import type { ServerView } from './server-view.ts';

/**
 * The answer to `mntr`: a name, a tab, a value in each line. The names are ZooKeeper's; of its counters those are there
 * that this server has. An ensemble's are not: there is none.
 */
export function monitor(view: ServerView, files: OpenFiles | undefined): string {
  const rows = [...serverRows(view), ...treeRows(view), ...trafficRows(view), ...fileRows(files)];
  return rows.map(([name, value]) => `zk_${name}\t${value}\n`).join('');
}

type Row = readonly [name: string, value: string | number];

function serverRows(view: ServerView): Row[] {
  return [
    ['version', view.version],
    ['server_state', 'standalone'],
    ['uptime', Math.floor(view.uptimeMs)],
    ['num_alive_connections', view.connections.length],
    ['outstanding_requests', view.outstandingRequests],
    ['snap_count', view.snapshotsTaken],
  ];
}

function treeRows({ tree }: ServerView): Row[] {
  return [
    ['znode_count', tree.znodes],
    ['watch_count', tree.watches],
    ['ephemerals_count', tree.ephemerals],
    ['approximate_data_size', tree.approximateBytes],
    ['global_sessions', tree.sessions],
    ['local_sessions', 0],
  ];
}

function trafficRows({ traffic }: ServerView): Row[] {
  const { latency, responses } = traffic;
  return [
    ['avg_latency', decimal(latency.averageMs)],
    ['min_latency', latency.minMs],
    ['max_latency', latency.maxMs],
    ['packets_received', traffic.packetsReceived],
    ['packets_sent', traffic.packetsSent],
    ['bytes_received_count', traffic.bytesReceived],
    ['response_bytes', traffic.bytesSent],
    ['last_client_response_size', responses?.lastBytes ?? -1],
    ['min_client_response_size', responses?.minBytes ?? -1],
    ['max_client_response_size', responses?.maxBytes ?? -1],
    ['connection_rejected', traffic.rejectedConnections],
    ['sessionless_connections_expired', traffic.silentConnections],
    ['connection_drop_count', traffic.droppedConnections],
    ['auth_failed_count', traffic.failedAuthentications],
  ];
}

function fileRows(files: OpenFiles | undefined): Row[] {
  if (files === undefined) return [];
  return [
    ['open_file_descriptor_count', files.open],
    ['max_file_descriptor_count', files.max],
  ];
}
