import { join } from 'node:path';
import { defineConfig } from 'prisma/config';

// Every Prisma command looks for its native engine first, which cannot be downloaded everywhere and which generate, validate and
// format never run. This one only fails: with it the commands that would need the engine (migrate, db push) say so instead of
// doing nothing. Migrations are applied by `npm run migrate` and written by `npm run migrate:new`.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= join(import.meta.dirname, 'prisma', 'no-engine.sh');

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgres://unused' },
});
