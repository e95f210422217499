import { pause } from '../pause.ts';
import { askBroker } from './ask-broker.ts';
import { Agent } from './node-http.ts';

const POLL_MS = 20;

/** Asks the broker at `url` until it is ready, or `signal` is aborted; tells `saying` why it is not until then. */
export async function untilReady(url: string, signal: AbortSignal, saying: (reason: string) => void): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    while (!signal.aborted) {
      const answer = await askBroker(`${url}/ready`, agent);
      if (answer?.status === 200) return;
      saying(answer === undefined ? 'it does not answer yet' : reasonIn(answer.json));
      await pause(POLL_MS);
    }
  } finally {
    agent.destroy();
  }
}

/** `{"reasons":["..."]}` */
function reasonIn(json: unknown): string {
  const isAnswer = typeof json === 'object' && json !== null && 'reasons' in json;
  return isAnswer && Array.isArray(json.reasons) ? json.reasons.join('; ') : 'it does not say why';
}
