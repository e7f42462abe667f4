import { z } from 'zod';
import type { Context } from '../context.ts';
import { secretPlace } from '../core/ports/vault.ts';
import type { SecretRecord } from '../core/ports/records.ts';
import { NotFoundError } from '../errors.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { parseInput, plainText, slugSchema } from './parse-input.ts';

const schema = z.strictObject({
  name: slugSchema,
  // A shorter one could not be told from ordinary text in what a receiver answers.
  value: plainText(8_192).refine((value) => value.length >= 4, 'expected at least 4 characters'),
});

/**
 * Keeps a secret under a name (`admin`), in place of the one that was there. Nobody can read it again: `{{secrets.<name>}}` puts it into a webhook as that
 * leaves. Throws INVALID_INPUT.
 */
export async function putSecret(ctx: Context, who: Caller, input: { name: string; value: string }): Promise<SecretRecord> {
  const desk = deskFor(ctx, who, 'admin');
  const { name, value } = parseInput(schema, input, 'secret');
  return desk.putSecret(name, ctx.vault.seal(secretPlace(who.locationId, name), value), auditLine(who, 'secret.put', name));
}

/** Forgets a secret (`admin`). Throws NOT_FOUND. */
export async function deleteSecret(ctx: Context, who: Caller, input: { name: string }): Promise<void> {
  const deleted = await deskFor(ctx, who, 'admin').deleteSecret(input.name.replaceAll('\0', ''), auditLine(who, 'secret.delete', input.name));
  if (!deleted) throw new NotFoundError('secret', input.name.slice(0, 100));
}

/** Names of the location's secrets, never values. */
export async function listSecrets(ctx: Context, who: Caller): Promise<SecretRecord[]> {
  return deskFor(ctx, who, 'read').listSecrets();
}
