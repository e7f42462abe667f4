import { MillraceError } from '../errors.ts';
import type { Bus } from '../core/ports/outside.ts';
import { hintsOf } from './hints.ts';

/** Whose key holds a connection open. */
export interface KeyHolder {
  /** Absent for the house itself, whose connections are neither counted nor looked up. */
  keyId?: string | undefined;
  /** Machine ms; null for never. */
  expiresAt?: number | null | undefined;
}

/** Connections that outlive the request that opened them: sockets, and streams over HTTP. */
export interface Stays {
  /**
   * Takes a place of the holder's key; the function gives it back. `admit` asks whether the key still opens the door: now and then, when it expires, and
   * at once when the bus says that it was revoked. Once it does not, `refused` is called with why. A database that is away refuses nobody.
   * Throws RATE_LIMITED when the key's places are taken.
   */
  begin(holder: KeyHolder, admit: () => Promise<unknown>, refused: (error: MillraceError) => void): () => void;
}

export interface StaysOptions {
  /** Connections that a key may hold at once in this process. */
  most?: number;
  /** A revocation whose hint was lost is seen this late at most (machine ms). */
  everyMs?: number;
}

/** The stays of one key: looked up together, however many they are. */
interface Held {
  members: Map<object, (error: MillraceError) => void>;
  /** Somebody came: the key may have been revoked while it was admitted. */
  lookSoon(): void;
  close(): void;
}

const SOON_MS = 1_000;

const ALL = { most: 1_000, everyMs: 15_000 };
const byBus = new WeakMap<Bus, Stays>();

/** The stays of a process, known by its bus. */
export function staysOf(bus: Bus): Stays {
  const known = byBus.get(bus) ?? createStays(bus);
  byBus.set(bus, known);
  return known;
}

export function createStays(bus: Bus, options: StaysOptions = {}): Stays {
  const { most, everyMs } = { ...ALL, ...options };
  const keys = new Map<string, Held>();

  const hold = (keyId: string, { expiresAt }: KeyHolder, admit: () => Promise<unknown>): Held => {
    const members: Held['members'] = new Map();
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      soon = false;
      try {
        await admit();
      } catch (error) {
        if (error instanceof MillraceError && error.code === 'UNAUTHENTICATED') for (const refused of members.values()) refused(error);
      }
      if (keys.get(keyId) === held) lookWithin(everyMs);
    };
    const lookWithin = (ms: number): void => {
      clearTimeout(timer);
      const left = expiresAt ? expiresAt - Date.now() : Infinity;
      timer = setTimeout(() => void look(), left > 0 ? Math.min(ms, left + 1) : ms).unref();
    };
    let timer: NodeJS.Timeout | undefined;
    let soon = false;
    const unhear = hintsOf(bus).onKey(keyId, () => void look());
    const close = (): void => {
      clearTimeout(timer);
      unhear();
      keys.delete(keyId);
    };
    const lookSoon = (): void => {
      if (soon) return;
      soon = true;
      lookWithin(Math.min(everyMs, SOON_MS));
    };
    const held: Held = { members, lookSoon, close };
    keys.set(keyId, held);
    return held;
  };

  return {
    begin(holder, admit, refused) {
      const { keyId } = holder;
      if (keyId === undefined) return () => undefined;
      const held = keys.get(keyId) ?? hold(keyId, holder, admit);
      if (held.members.size >= most) throw new MillraceError('RATE_LIMITED', `This key holds ${most} sockets and streams open already: close some, or take another key.`, {
        detail: { retryAfterSeconds: 1 },
      });
      const member = {};
      held.members.set(member, refused);
      held.lookSoon();
      return () => {
        if (held.members.delete(member) && held.members.size === 0) held.close();
      };
    },
  };
}
