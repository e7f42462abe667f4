import { MillraceError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import type { ListRange } from '../core/ports/desk.ts';
import type { Page, PageRequest } from '../core/ports/records.ts';

const DEFAULT_PAGE = 25;
const LARGEST_PAGE = 100;

/** The checked limit of a page. Throws INVALID_INPUT for one outside 1 to 100: a page is never clamped in silence. */
export function pageLimit(page: PageRequest): number {
  const limit = page.limit ?? DEFAULT_PAGE;
  if (Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_PAGE) return limit;
  throw new MillraceError('INVALID_INPUT', `A page of ${limit} was asked for. Ask for 1 to ${LARGEST_PAGE} at a time and follow the cursor.`, {
    faults: [{ path: ['limit'], message: `expected 1 to ${LARGEST_PAGE}` }],
  });
}

/** Reads one row more than asked, so that the last page knows that it is the last. Throws INVALID_INPUT for a cursor of another kind. */
export async function readPage<T extends { id: string }>(page: PageRequest, read: (range: ListRange) => Promise<T[]>): Promise<Page<T>> {
  const limit = pageLimit(page);
  const after = page.after ?? null;
  if (after !== null && !isUuid(after)) throw badCursor(after);
  const rows = await read({ limit: limit + 1, after });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? items[items.length - 1]!.id : null };
}

/** INVALID_INPUT for a cursor that no list has given out. */
export const badCursor = (found: string): MillraceError =>
  new MillraceError('INVALID_INPUT', `The cursor "${found.slice(0, 80)}" was not given out by this list. Use the cursor of the page before, or none for the first page.`, {
    faults: [{ path: ['cursor'], message: 'not a cursor of this list' }],
  });
