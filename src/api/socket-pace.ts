import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

export interface Patience {
  /** Bytes that may wait for the reader before nothing more is written. */
  waiting: number;
  /** How long they may wait before the socket is closed (ms). */
  patienceMs: number;
}

/** True as soon as no more than `waiting` bytes wait for the reader, or it left; false when it did not take them within `patienceMs`. */
export async function caughtUp(wire: Socket, { waiting, patienceMs }: Patience): Promise<boolean> {
  // Whoever else waited for the same moment may have written meanwhile.
  while (wire.writableLength > waiting && !wire.destroyed) {
    if (!(await drained(wire, patienceMs))) return false;
  }
  return true;
}

/** Hears no more of somebody who does not take the answers, and ends the socket when that lasts: requests cannot make a queue of answers grow. */
export function hearAtItsPace(socket: WebSocket, wire: Socket, patience: Patience): void {
  const look = (): void => {
    if (wire.writableLength <= patience.waiting || socket.isPaused) return;
    socket.pause();
    void caughtUp(wire, patience).then((taken) => (taken ? socket.resume() : socket.terminate()));
  };
  socket.on('message', look);
  socket.on('ping', look);
}

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
