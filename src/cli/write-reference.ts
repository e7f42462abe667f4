import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { definitionSchema } from '../core/reference/json-schema.ts';

/** Writes what follows from the registries: `npm run generate`. CI holds the committed files against it. */
const files: Record<string, string> = {
  'schemas/workflow.schema.json': `${JSON.stringify(definitionSchema(), null, 2)}\n`,
};

for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
