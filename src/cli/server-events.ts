/** One event of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation). */
export interface ServerEvent {
  type: string;
  id: string | null;
  data: string;
}

/** Reads server-sent events off a body, in order, until it ends. Comments and `retry` are passed over. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const frames = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = frames.pop()!;
    for (const frame of frames) {
      const event = eventOf(frame);
      if (event) yield event;
    }
  }
}

function eventOf(frame: string): ServerEvent | null {
  const fields = frame.split('\n').flatMap((line) => {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value!] as const];
  });
  const data = fields.filter(([name]) => name === 'data').map(([, value]) => value).join('\n');
  const last = (wanted: string): string | null => fields.findLast(([name]) => name === wanted)?.[1] ?? null;
  return data === '' ? null : { type: last('event') ?? 'message', id: last('id'), data };
}
