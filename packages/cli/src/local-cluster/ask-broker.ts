import type { Agent } from 'node:http';
import { get } from './node-http.ts';

const ANSWER_TIMEOUT_MS = 2000;

export type BrokerAnswer = { readonly status: number; readonly json: unknown };

/** What a broker answers to a GET; undefined where it does not, or not with JSON. */
export function askBroker(url: string, agent?: Agent): Promise<BrokerAnswer | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent, timeout: ANSWER_TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', () => resolve(undefined));
      response.once('end', () => resolve(answerOf(response.statusCode ?? 0, text)));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}

function answerOf(status: number, text: string): BrokerAnswer | undefined {
  try {
    return { status, json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
