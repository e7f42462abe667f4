import { describe, expect, it } from 'vitest';
import { createVault } from '../src/vault.ts';

const vault = createVault(Buffer.alloc(32, 1));

describe('the vault', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const [one, two] = [vault.seal('a', 'pa55 ✓'), vault.seal('a', 'pa55 ✓')];
    expect([vault.open('a', one), vault.open('a', two)]).toEqual(['pa55 ✓', 'pa55 ✓']);
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
    expect(Buffer.from(one).includes('pa55')).toBe(false);
  });

  it.each<[string, () => string]>([
    ['at another place', () => vault.open('b', vault.seal('a', 'text'))],
    ['with another key', () => createVault(Buffer.alloc(32, 2)).open('a', vault.seal('a', 'text'))],
    ['once a bit has changed', () => vault.open('a', vault.seal('a', 'text').map((byte, i) => (i === 30 ? byte ^ 1 : byte)))],
    ['when it is cut', () => vault.open('a', vault.seal('a', 'text').subarray(0, 9))],
  ])('does not open %s', (_how, open) => {
    expect(open).toThrow('SECRETS_KEY');
  });
});
