import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * A node request as a web `Request`, so that every door takes a `Request` and gives a `Response`.
 * @param origin only names the house inside `request.url`; the `Host` header is not trusted.
 * @throws TypeError when the target or the method cannot be a web request (`*` aside, a target without a path; TRACE).
 */
export function toRequest(incoming: IncomingMessage, origin: string, signal: AbortSignal): Request {
  const url = new URL(origin + targetOf(incoming.url ?? '/'));
  const method = incoming.method ?? 'GET';
  const bodyless = method === 'GET' || method === 'HEAD';
  return new Request(url, { method, headers: headersOf(incoming), signal, ...(bodyless ? {} : { body: bodyOf(incoming), duplex: 'half' }) } as RequestInit);
}

/**
 * Path and query of a request target. The absolute form is taken too, and its host as little trusted as the header's (RFC 9112 §3.2).
 * @throws TypeError for a target without a path: appended to an origin it could name another host.
 */
function targetOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '');
  if (path.startsWith('/')) return path;
  if (path === '' || target === '*') return '/';
  throw new TypeError('the request target has no path');
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}

/** A body that is read no further than a door wants. What is left is poured away, so that the client can finish and hear the answer. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value as Buffer));
    },
    async cancel() {
      await chunks.return?.();
      incoming.resume();
    },
  }, { highWaterMark: 0 });
}

/** Writes a web `Response` to a node response, at the reader's pace; stops reading the source when the client is gone. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  response.headers.forEach((value, name) => outgoing.setHeader(name, value));
  if (!response.body || outgoing.req.method === 'HEAD') {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  await pump(response.body.getReader(), outgoing);
}

async function pump(reader: ReadableStreamDefaultReader<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const gone = () => void reader.cancel().catch(() => undefined);
  outgoing.once('close', gone);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || outgoing.destroyed) break;
      if (!outgoing.write(value)) await drained(outgoing);
    }
  } finally {
    outgoing.off('close', gone);
    outgoing.end();
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off('drain', go);
      outgoing.off('close', go);
      resolve();
    };
    outgoing.once('drain', go);
    outgoing.once('close', go);
  });
}
