import type { Pool } from 'pg';
import type { Desk, TenantDesk } from '../../core/ports/desk.ts';
import type { KeyScope, LocationRecord } from '../../core/ports/records.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { uuidv7 } from '../../ids.ts';
import { activityDesk } from './activity.ts';
import { assetDesk } from './assets.ts';
import type { Bench } from './bench.ts';
import { contactDesk } from './contacts.ts';
import { enrollmentDesk } from './enrollments.ts';
import { hookDesk } from './hooks.ts';
import { keyDesk } from './keys.ts';
import { LOCATION, locationDesk } from './location.ts';
import { runOperationDesk } from './run-operations.ts';
import { findersOf, type Finders } from './finders.ts';
import { tenantPrisma } from './prisma.ts';
import { recordDesk } from './records.ts';
import { recordOf } from './rows.ts';
import { refusalDesk } from './refusals.ts';
import { secretDesk } from './secrets.ts';
import { statsDesk } from './stats.ts';
import { testRunDesk } from './test-runs.ts';
import { crossingTransactions, tenantTransactions } from './transaction.ts';
import { workflowDesk } from './workflows.ts';

const BOOTSTRAP_LOCK = 72_707_371;

/** The desk over one pool; `prisma` must work on the same one. Every method throws UNAVAILABLE while PostgreSQL is away. */
export function createDesk(pool: Pool, prisma: PrismaClient): Desk {
  const across = crossingTransactions(pool);
  const before: Finders & Pick<Desk, 'findKey' | 'firstLocation'> = {
    ...findersOf(across),
    findKey: (hash) =>
      across(async (sql) => {
        const row = await sql.row("SELECT id, location_id, name, scopes, expires_at FROM find_api_key(decode($1, 'hex'))", [hash]);
        return row && recordOf<{ id: string; locationId: string; name: string; scopes: KeyScope[]; expiresAt: number | null }>(row);
      }),
    firstLocation: (name) =>
      across(async (sql) => {
        await sql.rows('SELECT pg_advisory_xact_lock($1)', [BOOTSTRAP_LOCK]);
        const found = await sql.row<{ id: string }>(`SELECT ${LOCATION} FROM locations ORDER BY created_at, id LIMIT 1`);
        const row = found ?? (await sql.row<{ id: string }>(`INSERT INTO locations (id, name) VALUES ($1, $2) RETURNING ${LOCATION}`, [uuidv7(), name]))!;
        const keys = await sql.row<{ n: number }>('SELECT count(*)::int AS n FROM api_keys WHERE location_id = $1 AND revoked_at IS NULL', [row.id]);
        return { location: recordOf<LocationRecord>(row), created: !found, keys: keys?.n ?? 0 };
      }),
  };
  return Object.assign((locationId: string) => tenantDesk({ locationId, prisma: tenantPrisma(prisma, locationId), transact: tenantTransactions(pool, locationId) }), before);
}

function tenantDesk(bench: Bench): TenantDesk {
  return {
    ...contactDesk(bench),
    ...workflowDesk(bench),
    ...enrollmentDesk(bench),
    ...activityDesk(bench),
    ...runOperationDesk(bench),
    ...assetDesk(bench),
    ...keyDesk(bench),
    ...locationDesk(bench),
    ...recordDesk(bench),
    ...statsDesk(bench),
    ...secretDesk(bench),
    ...hookDesk(bench),
    ...refusalDesk(bench),
    ...testRunDesk(bench),
  };
}
