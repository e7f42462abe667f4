import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Tokens } from '../core/ports/tokens.ts';
import { MillraceError, messageOf } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';

/** Half of SHA-256: 128 bits keep links short and are far beyond guessing. */
const MAC_BYTES = 16;

/**
 * Signs ids for links that leave the house: base64url(id) `.` base64url(HMAC-SHA256(purpose, id)).
 * The purpose is part of what is signed, so an open pixel's token is no unsubscribe link.
 */
export function createTokens(key: Uint8Array): Tokens {
  const mac = (purpose: string, id: string): Buffer => createHmac('sha256', key).update(`${purpose}\0${id}`).digest().subarray(0, MAC_BYTES);
  return {
    sign: (purpose, id) => `${Buffer.from(id, 'utf8').toString('base64url')}.${mac(purpose, id).toString('base64url')}`,
    verify(purpose, token) {
      const [body, signature, ...rest] = token.split('.');
      if (!body || !signature || rest.length > 0) return null;
      const id = Buffer.from(body, 'base64url').toString('utf8');
      const given = Buffer.from(signature, 'base64url');
      const genuine = given.length === MAC_BYTES && timingSafeEqual(given, mac(purpose, id));
      return genuine ? id : null;
    },
  };
}

/**
 * A key for one purpose (`link tokens`, `secrets`), derived from `SECRETS_KEY`, else from one that is random and kept in the data
 * folder, readable by its owner alone. Processes that start at once agree on one: the file appears whole or not at all.
 */
export async function houseKey(environment: { secretsKey: string | null; dataDir: string }, purpose: 'link tokens' | 'secrets'): Promise<Uint8Array> {
  const secret = environment.secretsKey ?? (await keptSecret(environment.dataDir));
  return new Uint8Array(hkdfSync('sha256', secret, 'millrace', purpose, 32));
}

async function keptSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'link-tokens.key');
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known) return known;
  try {
    makeFolder(resolve(dataDir));
    return await drawSecret(path);
  } catch (error) {
    const message = `The data folder ${resolve(dataDir)} cannot keep the key of this house (${messageOf(error)}). Name one that is yours with DATA_DIR, or the key with SECRETS_KEY.`;
    throw new MillraceError('INVALID_INPUT', message, { cause: error });
  }
}

async function drawSecret(path: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(path, 'utf8');
}
