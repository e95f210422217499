/** An event as it came. */
export type Event = { id?: string; event?: string; data?: string; retry?: string };

/** The events of a stream as they come. */
export async function* eventsOf(response: Response): AsyncGenerator<Event, void, undefined> {
  let text = '';
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = text
        .slice(0, end)
        .split('\n')
        .map((line) => /^(\w+): (.*)$/.exec(line)?.slice(1) ?? [line, '']);
      yield Object.fromEntries(fields.map(([name, value]) => [name, value]));
      text = text.slice(end + 2);
    }
  }
}

/** A stream, and what ends it. */
export const open = async (url: string, headers: Record<string, string> = {}) => {
  const ending = new AbortController();
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: ending.signal });
  return { response, ending, events: eventsOf(response) };
};

/** The next event that carries a record. */
export const nextRecord = async (events: AsyncGenerator<Event, void, undefined>) => {
  for (let next = await events.next(); !next.done; next = await events.next()) {
    if (next.value.data !== undefined) return { id: next.value.id, value: JSON.parse(next.value.data).value };
  }
  return undefined;
};
