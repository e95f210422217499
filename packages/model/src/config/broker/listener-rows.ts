import { row } from '../row.ts';
import { matching, oneOf, optional, text, words } from '../value-type.ts';

/** Where a broker listens, and for whom. */
export const LISTENER_ROWS = {
  listeners: row({
    broker: [{ name: 'listeners' }],
    type: text,
    default: 'REST://:8081,PEERS://:9191',
    dynamic: true,
    honoured: true,
    sentence:
      'Where the broker listens: `NAME://host:port`, with commas between them; without a host on all addresses. `REST` is the HTTP API, `PEERS` HTTP/2 between brokers; any other name is for the protocol of Kafka. Kafka: `PLAINTEXT://:9092`.',
  }),
  advertisedListeners: row({
    broker: [{ name: 'advertised.listeners' }],
    type: optional(text),
    default: undefined,
    dynamic: true,
    honoured: true,
    sentence:
      'What others are told to connect to, where that is another address; has a listener of each name that it mentions. Where nothing is set, or no host, it is as in `listeners`, with the name of this machine for all addresses.',
  }),
  listenerSecurityProtocolMap: row({
    broker: [{ name: 'listener.security.protocol.map' }],
    type: text,
    default:
      'KAFKA:PLAINTEXT,REST:PLAINTEXT,PEERS:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
    dynamic: true,
    honoured: true,
    sentence:
      '`NAME:PROTOCOL`, with commas between them: how each listener is secured. What is not mentioned stays as it is by default.',
  }),
  restAllowedHosts: row({
    broker: [{ name: 'rest.allowed.hosts' }],
    type: words,
    default: [],
    dynamic: false,
    honoured: true,
    sentence:
      'Names by which browsers may call the HTTP API, beside addresses, `localhost`, the name of this machine and all that is advertised; `*` for any. Others are refused, since a page could have its own name resolve to the broker. Our own.',
  }),
  interBrokerListenerName: row({
    broker: [{ name: 'inter.broker.listener.name' }],
    type: text,
    default: 'PEERS',
    dynamic: false,
    honoured: true,
    sentence: 'Listener that brokers use among themselves. Kafka: that of `security.inter.broker.protocol`.',
  }),
  securityInterBrokerProtocol: row({
    broker: [{ name: 'security.inter.broker.protocol' }],
    type: oneOf(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']),
    default: 'PLAINTEXT',
    dynamic: false,
    honoured: false,
    sentence: 'The older way to name the listener between brokers, by its protocol.',
  }),
  controlPlaneListenerName: row({
    broker: [{ name: 'control.plane.listener.name' }],
    type: optional(text),
    default: undefined,
    dynamic: false,
    honoured: false,
    sentence:
      'Listener for what the controller tells brokers. Here that has a stream of its own on the listener between brokers.',
  }),
  interBrokerProtocolVersion: row({
    broker: [{ name: 'inter.broker.protocol.version' }],
    type: matching(/^\d+\.\d+(\.\d+)?(-IV\d+)?$/, 'a version of Kafka'),
    default: '3.9-IV0',
    dynamic: false,
    honoured: false,
    sentence: 'Version of Kafka whose messages brokers use among themselves; here there is but one.',
  }),
};
