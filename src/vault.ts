import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Vault } from './core/ports/vault.ts';
import { MillraceError } from './errors.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a fresh nonce for every text; the place is authenticated with it. Sealed is `nonce ‖ tag ‖ ciphertext`.
 * @param key 32 bytes.
 */
export function createVault(key: Uint8Array): Vault {
  return {
    seal(place, text) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
    },
    open(place, sealed) {
      try {
        const bytes = Buffer.from(sealed);
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        throw new MillraceError(
          'INVALID_STATE',
          'A secret cannot be read: SECRETS_KEY (or the key file in DATA_DIR) is not the one that it was kept with. Bring that key back, or put the secret again.',
        );
      }
    },
  };
}
