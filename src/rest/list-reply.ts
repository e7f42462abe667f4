import type { Page } from '../core/ports/records.ts';
import { showPage, type Shown } from './representations.ts';
import type { Reply } from './route.ts';

/** A page of a list, with the way to the next one in `next_cursor` and as a link (RFC 8288). */
export function listReply<T>(request: Request, page: Page<T>, show: (item: T) => Shown): Reply {
  if (page.nextCursor === null) return { status: 200, body: showPage(page, show) };
  const next = new URL(request.url);
  next.searchParams.set('cursor', page.nextCursor);
  return { status: 200, body: showPage(page, show), headers: { link: `<${next.pathname}${next.search}>; rel="next"` } };
}
