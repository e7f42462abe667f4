import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { PrismaClient } from '../../generated/prisma/client.ts';
import { namedOutage } from './outage.ts';

/** A Prisma client over the pool that everything else uses; ending the pool is its owner's business. */
export const createPrisma = (pool: Pool): PrismaClient => new PrismaClient({ adapter: new PrismaPg(pool) });

/**
 * The client bound to one location: every operation runs in a transaction of its own that sets role and tenant first, so row-level
 * security answers as if other locations did not exist. For single operations only: a `$transaction` of it would open one per operation.
 * Throws UNAVAILABLE when PostgreSQL is away.
 */
export function tenantPrisma(prisma: PrismaClient, locationId: string) {
  return prisma.$extends({
    name: 'tenant',
    query: {
      async $allOperations({ args, query }) {
        const enter = prisma.$executeRaw`SELECT set_config('role', 'millrace_api', true), set_config('app.location_id', ${locationId}, true)`;
        try {
          // Prisma types `query` as any promise; a batch takes those that it made itself, and this is one.
          const [, answer] = await prisma.$transaction([enter, query(args) as typeof enter]);
          return answer as unknown;
        } catch (error) {
          throw namedOutage(error);
        }
      },
    },
  });
}

export type TenantPrisma = ReturnType<typeof tenantPrisma>;
