import { MillraceError } from '../errors.ts';

/** Revision 7 as an entity tag: `"r7"`. */
export const tagOf = (revision: number): string => `"r${revision}"`;

/** True when `If-None-Match` names the tag: weak comparison, as for a cached copy (RFC 9110 §13.1.2). */
export function isKnown(header: string | null, tag: string): boolean {
  if (header === null) return false;
  return header.trim() === '*' || tagsIn(header).some((one) => one.replace(/^W\//, '') === tag);
}

/**
 * The revisions that `If-Match` allows: null without the header, `any` for `*`. Tags are compared strongly (RFC 9110 §13.1.1).
 * @throws MillraceError `VERSION_CONFLICT` when no tag can be one of ours: the header matches nothing.
 */
export function expectedRevisions(header: string | null): number[] | null | 'any' {
  if (header === null) return null;
  if (header.trim() === '*') return 'any';
  const revisions = tagsIn(header).flatMap((tag) => /^"r(\d{1,9})"$/.exec(tag)?.[1] ?? []).map(Number);
  if (revisions.length > 0) return revisions;
  throw new MillraceError('VERSION_CONFLICT', `If-Match was ${header.slice(0, 100)}, which is no revision of a workflow. Send the ETag of your last read, e.g. "r7".`);
}

const tagsIn = (header: string): string[] => header.split(',').map((part) => part.trim());
