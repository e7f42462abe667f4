import { createHash, randomBytes, randomUUID } from 'node:crypto';

const SEND_NAMESPACE = Buffer.from('6f1d1c0e7a3b5d0a9c1e4b6f2a8d3c57', 'hex');

/** A time-ordered random id (RFC 9562 version 7): new rows land at the right edge of the index. */
export function uuidv7(atMs: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(atMs, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return format(bytes.toString('hex'));
}

/** The ledger's key of a send: the same enrollment, step and visit give the same id on every retry (RFC 9562 version 5). */
export function sendIdOf(enrollmentId: string, stepId: string, visit: number): string {
  const digest = createHash('sha1').update(SEND_NAMESPACE).update(`${enrollmentId}/${stepId}/${visit}`).digest().subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return format(digest.toString('hex'));
}

export { randomUUID };

const format = (hex: string): string => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
