import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { ToldBatch } from './execute-stream.ts';
import { framesOf } from './socket-frames.ts';

export interface Patience {
  /** Bytes that may wait for the reader before nothing more is written. */
  waiting: number;
  /** How long they may wait before the socket is closed (ms). */
  patienceMs: number;
}

/** RFC 6455's registry: come back later. */
const TRY_AGAIN_LATER = 1013;

/**
 * Writes the results of an operation to its socket by itself, a batch in one piece: graphql-ws only sees when they end, and ends them. While
 * `waiting` bytes are not taken no more is read from the source, which conflates or lets go by its own rules; after `patienceMs` the socket is
 * closed with a reason that names the last cursor that was written.
 */
export function straightToSocket(batches: AsyncIterableIterator<ToldBatch>, operationId: string, socket: WebSocket, wire: Socket, { waiting, patienceMs }: Patience): AsyncGenerator<never, void> {
  const id = Buffer.from(JSON.stringify(operationId));
  const write = async (batch: ToldBatch): Promise<void> => {
    if (socket.readyState !== socket.OPEN) return;
    wire.write(framesOf(batch, id));
    if (socket.bufferedAmount <= waiting || (await drained(wire, patienceMs))) return;
    const cursor = cursorOf(batch);
    socket.close(TRY_AGAIN_LATER, `LAGGING${cursor === null ? '' : `: resume from cursor ${cursor}`}`.slice(0, 120));
    await batches.return?.();
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      for await (const batch of batches) await write(batch);
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

/** True as soon as the reader took everything or left; false when it did not within `ms`. */
function drained(wire: Socket, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (taken: boolean) => (): void => {
      clearTimeout(timer);
      wire.off('drain', onTaken);
      wire.off('close', onTaken);
      resolve(taken);
    };
    const onTaken = finish(true);
    const timer = setTimeout(finish(false), ms);
    wire.once('drain', onTaken);
    wire.once('close', onTaken);
  });
}

/** The cursor of a batch's last event, when the document asks for it. */
function cursorOf(batch: ToldBatch): string | null {
  const root = Object.values(batch.at(-1)?.data ?? {})[0] as { cursor?: unknown } | null | undefined;
  return typeof root?.cursor === 'string' ? root.cursor : null;
}
