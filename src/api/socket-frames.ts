import type { Told, ToldBatch } from './execute-stream.ts';

/** The frames of one batch for ids of one length: `bytes` with gaps at `places`, into which an id goes. */
interface Template {
  bytes: Buffer;
  places: number[];
}

const templates = new WeakMap<ToldBatch, Map<number, Template>>();

/**
 * A batch as graphql-transport-ws `next` messages in WebSocket frames, for the operation `id` as JSON text. Everything but the id is made once
 * for all subscribers. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export function framesOf(batch: ToldBatch, id: Buffer): Buffer {
  const known = templates.get(batch) ?? new Map<number, Template>();
  templates.set(batch, known);
  const { bytes, places } = known.get(id.length) ?? createTemplate(batch, id.length);
  known.set(id.length, { bytes, places });
  const filled = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(filled);
  for (const place of places) filled.set(id, place);
  return filled;
}

const BEFORE = Buffer.from('{"id":');

function createTemplate(batch: readonly Told[], idLength: number): Template {
  const parts: Buffer[] = [];
  const places: number[] = [];
  let length = 0;
  for (const told of batch) {
    const rest = Buffer.from(`,"type":"next","payload":${told.stringify()}}`);
    const header = headerOf(BEFORE.length + idLength + rest.length);
    places.push(length + header.length + BEFORE.length);
    parts.push(header, BEFORE, Buffer.alloc(idLength), rest);
    length += header.length + BEFORE.length + idLength + rest.length;
  }
  return { bytes: Buffer.concat(parts, length), places };
}

/** The header of an unmasked, final text frame. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = 0x81;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
