import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

/** What of Prisma's schema engine is used: a comparison of two schemas, which needs no database. */
interface SchemaEngine {
  diff(params: object): Promise<{ stdout: string | null }>;
}
type EngineModule = {
  SchemaEngine: { new: (options: object, log: (line: string) => void, adapter: object) => Promise<SchemaEngine> };
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
};

const EMPTY = 'datasource db {\n  provider = "postgresql"\n}\n';

/** The SQL that leads from one schema.prisma to another; a comment alone when they ask for the same tables. `from` null stands for an empty database. */
export async function diffSchemas(from: string | null, to: string): Promise<string> {
  const engine = await openEngine(to);
  const side = (content: string): object => ({ tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] });
  const { stdout } = await engine.diff({
    from: side(from ?? EMPTY),
    to: side(to),
    script: true,
    shadowDatabaseUrl: null,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? '';
}

async function openEngine(schema: string): Promise<SchemaEngine> {
  glue ??= instantiate();
  return (await glue).SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, noDatabase);
}

let glue: Promise<EngineModule> | null = null;

/** Node 20 does not import WebAssembly by itself, so the module's two halves are joined by hand: once, they share state. */
async function instantiate(): Promise<EngineModule> {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const module = await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href) as EngineModule & WebAssembly.ModuleImports;
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, 'schema_engine_bg.wasm')), { './schema_engine_bg.js': module });
  module.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return module;
}

/** The engine opens a connection and asks for the server's version before anything else; comparing schemas needs neither. */
const unavailable = (): never => {
  throw new Error('comparing schemas needs no database');
};
const connection = {
  provider: 'postgres',
  adapterName: 'none',
  queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }),
  executeRaw: async () => 0,
  executeScript: async () => undefined,
  startTransaction: unavailable,
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  dispose: async () => undefined,
} as const;
const noDatabase = bindMigrationAwareSqlAdapterFactory({
  provider: 'postgres', adapterName: 'none', connect: async () => connection, connectToShadowDb: async () => connection,
});
