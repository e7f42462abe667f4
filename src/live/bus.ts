import type { Bus, Heard, LiveMessage, OnTrouble } from '../core/ports/outside.ts';
import { liveMessage } from './messages.ts';

/** A text and its place in the history of a wire. */
export interface Positioned {
  position: string;
  text: string;
}

/** The wire under a bus: text on one channel, heard by every process that opened it, the sender's included. */
export interface Wire {
  send(text: string): Promise<void>;
  /** Called once at most. The wire keeps the subscription through lost connections. */
  open(onText: (text: string, position?: string) => void): void;
  /** What the wire's history holds at a place and behind it, as `Bus.from` promises. Absent where none is kept. */
  from?(position: string, limit: number): Promise<Positioned[]>;
  /** The longest text that the wire takes, in bytes. */
  readonly maxBytes: number;
  close(): Promise<void>;
}

type Listener = (message: LiveMessage, position?: string) => void;

/** A bus over a wire: what is common to Redis and PostgreSQL. Nothing here throws at a publisher; what cannot be sent is a lost hint. */
export function createBus(wire: Wire, onTrouble: OnTrouble): Bus {
  const listeners = new Set<Listener>();
  let opened = false;
  let closing: Promise<void> | null = null;

  const hear = (text: string, position?: string): void => {
    try {
      const message = liveMessage.parse(JSON.parse(text));
      for (const each of listeners) each(message, position);
    } catch (error) {
      onTrouble('a message on the live bus', error);
    }
  };

  return {
    publish(message) {
      for (const part of fitting(message, wire.maxBytes)) wire.send(JSON.stringify(part)).catch((error: unknown) => onTrouble('the live bus lost a message', error));
    },
    subscribe(listener) {
      listeners.add(listener);
      if (!opened) wire.open(hear);
      opened = true;
      return () => void listeners.delete(listener);
    },
    ...(wire.from && { from: async (position: string, limit: number): Promise<Heard[]> => (await wire.from!(position, limit)).map(parsed) }),
    close: () => (closing ??= wire.close()),
  };
}

const parsed = ({ position, text }: Positioned): Heard => ({ position, message: liveMessage.parse(JSON.parse(text)) });

/**
 * Divides a message until each part fits; counts travel with the first. A single run that is still too long loses its moves:
 * whoever watches it reads the log.
 */
export function fitting(message: LiveMessage, maxBytes: number): LiveMessage[] {
  if (bytesOf(message) <= maxBytes) return [message];
  if (message.runs.length <= 1) return [{ ...message, runs: message.runs.map((run) => ({ ...run, moves: [] })) }];
  const middle = Math.ceil(message.runs.length / 2);
  return [
    ...fitting({ ...message, runs: message.runs.slice(0, middle) }, maxBytes),
    ...fitting({ ...message, runs: message.runs.slice(middle), counts: {} }, maxBytes),
  ];
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
