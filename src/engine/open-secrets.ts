import type { Context } from '../context.ts';
import { secretPlace } from '../core/ports/vault.ts';

/**
 * Values of a location's secrets by name; those that are not there are left out. For the moment of use only: never keep or log them.
 * Throws INVALID_STATE when one was sealed with another key.
 */
export async function openSecrets(ctx: Pick<Context, 'desk' | 'vault'>, locationId: string, names: string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const sealed = await ctx.desk(locationId).readSecrets(names);
  return new Map([...sealed].map(([name, cipher]) => [name, ctx.vault.open(secretPlace(locationId, name), cipher)]));
}
