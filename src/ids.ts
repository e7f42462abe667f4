import { hash, randomFillSync } from 'node:crypto';

const SEND_NAMESPACE = Buffer.from('6f1d1c0e7a3b5d0a9c1e4b6f2a8d3c57', 'hex');
const RANDOM_POOL = Buffer.alloc(4_096);
let drawn = RANDOM_POOL.length;

let lastMs = 0;
let count = 0;

/**
 * A time-ordered id (RFC 9562 version 7, method 1): new rows land at the right edge of the index, and ids made by one
 * process in one millisecond keep their order. Two events of one transaction are told in the order they were made.
 */
export function uuidv7(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    count = random(1)[0]! << 2; // leaves room to count up within the millisecond
  } else if (++count > 0xfff) {
    lastMs += 1;
    count = 0;
  }
  const bytes = random(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes[6] = 0x70 | (count >> 8);
  bytes[7] = count & 0xff;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return format(bytes.toString('hex'));
}

/** Random bytes, drawn from the system by the page; the caller may write on them. */
function random(length: number): Buffer {
  if (drawn + length > RANDOM_POOL.length) {
    randomFillSync(RANDOM_POOL);
    drawn = 0;
  }
  drawn += length;
  return RANDOM_POOL.subarray(drawn - length, drawn);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the text of any uuid. PostgreSQL refuses to look for one that is none, so ask before you look. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** The ledger's key of a send: the same enrollment, step and visit give the same id on every retry (RFC 9562 version 5). */
export function sendIdOf(enrollmentId: string, stepId: string, visit: number): string {
  const hex = hash('sha1', Buffer.concat([SEND_NAMESPACE, Buffer.from(`${enrollmentId}/${stepId}/${visit}`)]), 'hex');
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
  return format(`${hex.slice(0, 12)}5${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`);
}

const format = (hex: string): string => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
