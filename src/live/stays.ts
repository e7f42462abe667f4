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
  const keys = new Map<string, HeldKey>();
  return {
    begin(holder, admit, refused) {
      const { keyId } = holder;
      if (keyId === undefined) return () => undefined;
      const held = keys.get(keyId) ?? new HeldKey(admit, holder.expiresAt ?? null, everyMs);
      if (!keys.has(keyId)) held.unhear = hintsOf(bus).onKey(keyId, () => void held.look());
      keys.set(keyId, held);
      if (held.members.size >= most) throw new MillraceError('RATE_LIMITED', `This key holds ${most} sockets and streams open already: close some, or take another key.`, {
        detail: { retryAfterSeconds: 1 },
      });
      const member = {};
      held.members.set(member, refused);
      held.lookSoon();
      return () => {
        if (!held.members.delete(member) || held.members.size > 0) return;
        held.close();
        keys.delete(keyId);
      };
    },
  };
}

/** The stays of one key: looked up together, however many they are. */
class HeldKey {
  readonly members = new Map<object, (error: MillraceError) => void>();
  /** Ends listening for the key's revocation. */
  unhear: () => void = () => undefined;
  readonly #admit: () => Promise<unknown>;
  readonly #expiresAt: number | null;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #soon = false;
  #closed = false;

  constructor(admit: () => Promise<unknown>, expiresAt: number | null, everyMs: number) {
    this.#admit = admit;
    this.#expiresAt = expiresAt;
    this.#everyMs = everyMs;
  }

  /** Somebody came: the key may have been revoked while it was admitted. */
  lookSoon(): void {
    if (this.#soon) return;
    this.#soon = true;
    this.#lookWithin(Math.min(this.#everyMs, SOON_MS));
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#soon = false;
    try {
      await this.#admit();
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'UNAUTHENTICATED') for (const refused of this.members.values()) refused(error);
    }
    if (!this.#closed) this.#lookWithin(this.#everyMs);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.unhear();
  }

  #lookWithin(ms: number): void {
    clearTimeout(this.#timer);
    const left = this.#expiresAt === null ? Infinity : this.#expiresAt - Date.now();
    this.#timer = setTimeout(() => void this.look(), left > 0 ? Math.min(ms, left + 1) : ms).unref();
  }
}
