import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../src/errors.ts';
import { createStays } from '../../src/live/stays.ts';
import { createHandBus } from '../support/hand-bus.ts';
import { until } from '../support/until.ts';

function given(options: Parameters<typeof createStays>[1] = {}) {
  const bus = createHandBus();
  const state = { open: true, away: false, looks: 0, refusals: [] as string[] };
  const admit = async (): Promise<void> => {
    state.looks += 1;
    if (state.away) throw new Error('the database is away');
    if (!state.open) throw new MillraceError('UNAUTHENTICATED', 'revoked');
  };
  const stays = createStays(bus, options);
  const begin = (name: string, keyId: string | null = 'key', expiresAt: number | null = null) =>
    stays.begin({ keyId: keyId ?? undefined, expiresAt }, admit, ({ code }) => state.refusals.push(`${name} ${code}`));
  const revoke = (id: string): void => {
    state.open = false;
    bus.publish({ locationId: 'l', workflowId: '', at: 0, runs: [], counts: {}, revokedKey: id });
  };
  return { bus, state, begin, revoke };
}

describe('the stays of a key', () => {
  it('end at once when the bus says that it was revoked, and those of another key do not', async () => {
    const { state, begin, revoke } = given({ everyMs: 3_600_000 });
    const ends = [begin('a'), begin('b')];
    begin('c', 'other');
    state.looks = 0;
    revoke('key');
    await until('both are refused', () => state.refusals.length === 2);
    expect(state.refusals).toEqual(['a UNAUTHENTICATED', 'b UNAUTHENTICATED']);
    for (const end of ends) end();
  });

  it('end without a hint, too, at the next look', async () => {
    const { state, begin } = given({ everyMs: 5 });
    const end = begin('a');
    state.open = false;
    await until('it is refused', () => state.refusals.length > 0);
    end();
  });

  it('end when the key expires', async () => {
    const { state, begin } = given({ everyMs: 3_600_000 });
    state.open = false;
    const end = begin('a', 'key', Date.now() + 30);
    await until('it is refused', () => state.refusals.length > 0);
    end();
  });

  it('outlast a database that is away', async () => {
    const { state, begin } = given({ everyMs: 5 });
    const end = begin('a');
    state.away = true;
    const before = state.looks;
    await until('a few looks', () => state.looks > before + 3);
    expect(state.refusals).toEqual([]);
    end();
  });

  it('are as many as the key has places, and a place is free again when one ends', () => {
    const { bus, begin } = given({ most: 2 });
    const ends = [begin('a'), begin('b')];
    expect(() => begin('c')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    begin('d', 'other')();
    ends[0]!();
    ends[0]!();
    const last = begin('e');
    expect(() => begin('f')).toThrow(/2 sockets and streams/);
    last();
    ends[1]!();
    expect(bus.listeners()).toBe(0);
  });

  it('are looked up together', async () => {
    const { state, begin } = given({ everyMs: 5 });
    const ends = Array.from({ length: 100 }, (_, n) => begin(`${n}`));
    expect(state.looks).toBe(0);
    await until('a look', () => state.looks > 0);
    expect(state.looks).toBeLessThan(100);
    for (const end of ends) end();
  });

  it('of the house itself are not counted', () => {
    const { begin } = given({ most: 0 });
    expect(() => begin('a', null)).not.toThrow();
  });
});
