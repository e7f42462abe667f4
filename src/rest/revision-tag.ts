import { MillraceError } from '../errors.ts';

/** Revision 7 as an entity tag: `"r7"`. */
export const tagOf = (revision: number): string => `"r${revision}"`;

/** True when `If-None-Match` names the tag: weak comparison, as for a cached copy (RFC 9110 §13.1.2). */
export function isKnown(header: string | null, tag: string): boolean {
  if (header === null) return false;
  return header.trim() === '*' || tagsIn(header).some((one) => one.replace(/^W\//, '') === tag);
}

/**
 * The revision that `If-Match` asks for: null without the header, `any` for `*`.
 * @throws MillraceError `VERSION_CONFLICT` for a tag that cannot be one of ours: it matches nothing.
 */
export function expectedRevision(header: string | null): number | null | 'any' {
  if (header === null) return null;
  if (header.trim() === '*') return 'any';
  const revision = /^"r(\d{1,9})"$/.exec(header.trim())?.[1];
  if (revision !== undefined) return Number(revision);
  throw new MillraceError('VERSION_CONFLICT', `If-Match was ${header.slice(0, 100)}, which is no revision of a workflow. Send the ETag of your last read, e.g. "r7".`);
}

const tagsIn = (header: string): string[] => header.split(',').map((part) => part.trim());
