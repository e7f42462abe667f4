import type { Context } from '../context.ts';
import type { AuditRecord, Page, PageRequest } from '../core/ports/records.ts';
import { deskFor, type Caller } from './caller.ts';
import { readPage } from './paging.ts';

/** Who changed what (`admin`), newest first: definitions, keys, assets, the location. The lines are written in the transaction of the change itself. */
export async function listAudit(ctx: Context, who: Caller, input: PageRequest = {}): Promise<Page<AuditRecord>> {
  const desk = deskFor(ctx, who, 'admin');
  return readPage(input, (range) => desk.listAudit(range));
}
