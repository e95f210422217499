/** The HTTP API as tests use it. */
export type Partition = { readonly partition: number; readonly leader: number; readonly isr: readonly number[] };
export type Topic = { readonly topicId: string; readonly partitions: readonly Partition[] };
type Answered = { readonly status: number; readonly text: string };

export async function ask(url: string, method: string, path: string, body?: unknown): Promise<Answered> {
  const content =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url + path, { method, ...content });
  return { status: response.status, text: await response.text() };
}

/** What a request that has to succeed answers. */
export async function answerTo<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text } = await ask(url, method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

export const describe = (url: string, topic: string): Promise<Topic> => answerTo(url, 'GET', `/v1/topics/${topic}`);

/** The values in a partition, from its start, whichever broker is asked. */
export async function valuesIn(url: string, topic: string, partition: number): Promise<unknown[]> {
  const { status, text } = await ask(url, 'GET', `/v1/topics/${topic}/partitions/${partition}/records?offset=0`);
  if (status !== 200) throw new Error(`${status} ${text}`);
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { value: unknown }).value);
}

/** Waits until `isSo`, asking again and again; fails after `withinMs`. */
export async function until(what: string, isSo: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const sinceMs = performance.now();
  while (!(await isSo().catch(() => false))) {
    if (performance.now() - sinceMs > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
