import type { z } from 'zod';
import { listAudit } from '../services/audit.ts';
import * as answers from './answers.ts';
import { listReply } from './list-reply.ts';
import { showAudit } from './representations.ts';
import { type Call, type Reply, type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

async function list({ ctx, who, query, request }: Call<undefined, z.output<typeof schemas.pageQuery>>): Promise<Reply> {
  return listReply(request, await listAudit(ctx, who, { limit: query.limit, after: query.cursor ?? null }), showAudit);
}

export const auditRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/audit', operation: 'auditLog', scope: 'admin',
    summary: 'Who changed what, newest first.',
    query: schemas.pageQuery, gives: answers.audit, responses: { 200: 'A page of lines: actor, action, subject, detail and moment.' }, handle: list,
  }),
];
