import type { Context } from '../context.ts';
import type { EventRecord } from '../core/ports/records.ts';

/** What the pixel's or link's request said of itself. */
export interface Visit {
  userAgent: string | null;
  /** HTTP method: a HEAD is never a person. */
  method?: string;
}
/** Records the first opening of a message as `email_opened`. Null when there is no such send. `machine: true` in the data for prefetching proxies and opens within seconds of the sending. */
export async function recordOpen(ctx: Context, sendId: string, visit: Visit): Promise<EventRecord | null> {
  throw new Error('pending');
}
/** Records the first click on each link as `email_clicked` (`url` in the data). Null when there is no such send. */
export async function recordClick(ctx: Context, sendId: string, url: string, visit: Visit): Promise<EventRecord | null> {
  throw new Error('pending');
}
