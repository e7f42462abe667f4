import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { ToldBatch } from './execute-stream.ts';
import { framesOf } from './socket-frames.ts';
import { caughtUp, type Patience } from './socket-pace.ts';

/** RFC 6455's registry: come back later. */
const TRY_AGAIN_LATER = 1013;

/**
 * Writes the results of an operation to its socket by itself, a batch in one piece: graphql-ws only sees when they end, and ends them. While
 * more than `waiting` bytes are not taken no more is read from the source, which conflates or lets go by its own rules; after `patienceMs` the socket is
 * closed with a reason that names the last cursor that was written.
 */
export function straightToSocket(batches: AsyncIterableIterator<ToldBatch>, operationId: string, socket: WebSocket, wire: Socket, patience: Patience): AsyncGenerator<never, void> {
  const id = Buffer.from(JSON.stringify(operationId));
  let last: ToldBatch = [];
  const isBehind = (): boolean => wire.writableLength > patience.waiting || socket.readyState !== socket.OPEN;
  const catchesUp = async (): Promise<boolean> => {
    if (await caughtUp(wire, patience)) return socket.readyState === socket.OPEN;
    const cursor = cursorOf(last);
    socket.close(TRY_AGAIN_LATER, `LAGGING${cursor === null ? '' : `: resume from cursor ${cursor}`}`.slice(0, 120));
    return false;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      for await (const batch of batches) {
        if (isBehind() && !(await catchesUp())) break; // other operations write to the same socket
        wire.write(framesOf(batch, id));
        last = batch;
        if (isBehind() && !(await catchesUp())) break;
      }
      return { done: true, value: undefined };
    },
    async return() {
      await batches.return?.();
      return { done: true, value: undefined };
    },
    async throw(error) {
      await batches.return?.();
      throw error;
    },
  };
}

/** The cursor of a batch's last event, when the document asks for it. */
function cursorOf(batch: ToldBatch): string | null {
  const root = Object.values(batch.at(-1)?.data ?? {})[0] as { cursor?: unknown } | null | undefined;
  return typeof root?.cursor === 'string' ? root.cursor : null;
}
