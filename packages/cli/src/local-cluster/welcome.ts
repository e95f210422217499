import { brokerIds, type ClusterSettings, connectString, kafkaAddress, restUrl } from './cluster-settings.ts';

/** The addresses of a cluster that is ready, and what to try first. */
export function welcome(settings: ClusterSettings): string {
  const ids = brokerIds(settings);
  /** Each from another broker, where there are as many: any of them will do. */
  const url = (turn: number) => restUrl(settings, ids[turn % ids.length] ?? 1);
  return [
    `ZooKeeper  ${connectString(settings)}`,
    ...ids.map((id) => `broker ${`${id}`.padEnd(3)} ${restUrl(settings, id)}   Kafka ${kafkaAddress(settings, id)}`),
    '',
    'Try:',
    `  curl -X PUT ${url(0)}/v1/topics/greetings`,
    `  curl -d 'Hello!' ${url(1)}/v1/topics/greetings/records`,
    `  curl '${url(2)}/v1/topics/greetings/partitions/0/records?offset=0'`,
    '',
  ].join('\n');
}
