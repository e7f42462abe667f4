/** Reads WebSocket frames of a server from a stream of bytes: counts them, and gives the texts of those that are asked for. */
export interface FrameReader {
  take(chunk: Buffer): void;
}

/** https://www.rfc-editor.org/rfc/rfc6455#section-5.2: what a server sends is not masked. */
export function createFrameReader(onFrame: (opcode: number, payload: Buffer | null) => void, wantsPayload: boolean): FrameReader {
  let rest: Buffer | null = null;
  let skip = 0;
  return {
    take(chunk) {
      let bytes = chunk;
      let at = 0;
      if (rest) {
        bytes = Buffer.concat([rest, chunk]);
        rest = null;
      } else if (skip > 0) {
        at = Math.min(skip, bytes.length);
        skip -= at;
      }
      while (at < bytes.length) {
        const header = headerAt(bytes, at);
        const opcode = bytes[at]! & 0x0f;
        const keep = wantsPayload || opcode >= 8;
        if (!header || (keep && at + header.size + header.length > bytes.length)) {
          rest = Buffer.from(bytes.subarray(at)); // the chunk's memory is used again
          return;
        }
        const from = at + header.size;
        at = from + header.length;
        onFrame(opcode, keep ? bytes.subarray(from, at) : null);
        skip = Math.max(0, at - bytes.length);
      }
    },
  };
}

function headerAt(bytes: Buffer, at: number): { size: number; length: number } | null {
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const size = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (at + size > bytes.length) return null;
  return { size, length: short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)) };
}

/** A text as a client sends it: masked, here by zeros. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}
