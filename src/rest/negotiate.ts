import { ProtocolError } from './problem.ts';

/**
 * The first of the offered media types that the caller accepts best (RFC 9110 §12.5.1); the order of the offer breaks ties.
 * Without an `Accept` header everything is accepted.
 * @throws ProtocolError 406 when none of them will do.
 */
export function negotiate(accept: string | null, offered: string[]): string {
  if (accept === null || accept.trim() === '') return offered[0]!;
  const ranges = accept.split(',').map(parseRange);
  const rated = offered.map((type) => ({ type, quality: qualityOf(type, ranges) })).filter((one) => one.quality > 0);
  if (rated.length === 0) throw new ProtocolError(
    'NOT_ACCEPTABLE', `This route answers with ${offered.join(' or ')}, and the Accept header "${accept.slice(0, 200)}" takes none of them.`,
  );
  return rated.reduce((best, one) => (one.quality > best.quality ? one : best)).type;
}

interface Range {
  type: string;
  quality: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const parsed = quality === undefined ? 1 : Number(quality.slice(2));
  return { type, quality: Number.isFinite(parsed) ? parsed : 0 };
}

/** The most specific range that fits decides: `text/html, *\/*;q=0.1`. */
function qualityOf(type: string, ranges: Range[]): number {
  const family = `${type.split('/')[0]}/*`;
  for (const name of [type, family, '*/*']) {
    const range = ranges.find((one) => one.type === name);
    if (range) return range.quality;
  }
  return 0;
}
