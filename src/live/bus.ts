import type { Bus, LiveMessage, OnTrouble } from '../core/ports/outside.ts';
import type { Data } from '../core/state.ts';
import { type Channel, liveMessage, notice } from './messages.ts';

/** The wire under a bus: text on two channels, heard by every process that asked for the channel, its own included. */
export interface Wire {
  send(channel: Channel, text: string): Promise<void>;
  /** Called at most once a channel. The wire keeps the subscription through lost connections. */
  open(channel: Channel, onText: (text: string) => void): void;
  /** The longest text that the wire takes, in bytes. */
  readonly maxBytes: number;
  close(): Promise<void>;
}

type Listener<T> = (value: T) => void;

/** A bus over a wire: what is common to Redis and PostgreSQL. Nothing here throws at a publisher; what cannot be sent is a lost hint. */
export function createBus(wire: Wire, onTrouble: OnTrouble): Bus {
  const live = new Set<Listener<LiveMessage>>();
  const notices = new Map<string, Set<Listener<Data>>>();
  const opened = new Set<Channel>();
  let closing: Promise<void> | null = null;

  const listen = (channel: Channel, onText: (text: string) => void): void => {
    if (opened.has(channel)) return;
    opened.add(channel);
    wire.open(channel, (text) => {
      try {
        onText(text);
      } catch (error) {
        onTrouble(`a message on the live bus's channel ${channel}`, error);
      }
    });
  };
  const send = (channel: Channel, value: unknown): void => {
    wire.send(channel, JSON.stringify(value)).catch((error: unknown) => onTrouble('the live bus lost a message', error));
  };

  return {
    publish(message) {
      for (const part of fitting(message, wire.maxBytes)) send('live', part);
    },
    subscribe(listener) {
      live.add(listener);
      listen('live', (text) => {
        const message = liveMessage.parse(JSON.parse(text));
        for (const each of live) each(message);
      });
      return () => void live.delete(listener);
    },
    announce(topic, data) {
      const whole = { topic, data };
      send('notices', bytesOf(whole) <= wire.maxBytes ? whole : { topic, data: {} });
    },
    hear(topic, listener) {
      const listeners = notices.get(topic) ?? new Set();
      notices.set(topic, listeners.add(listener));
      listen('notices', (text) => {
        const heard = notice.parse(JSON.parse(text));
        for (const each of notices.get(heard.topic) ?? []) each(heard.data);
      });
      return () => void listeners.delete(listener);
    },
    close: () => (closing ??= wire.close()),
  };
}

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
