import type { TenantPrisma } from './prisma.ts';
import type { Transact } from './transaction.ts';

/** What every desk file works with: reads through Prisma, writes through hand-written SQL, both bound to one location. */
export interface Bench {
  locationId: string;
  prisma: TenantPrisma;
  transact: Transact;
}
