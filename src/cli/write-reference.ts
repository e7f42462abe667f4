import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { environmentPage } from './environment-page.ts';
import { referenceFiles } from '../core/reference/pages.ts';

/** Writes what follows from the registries: `npm run generate`. CI holds the committed files against it. */
for (const [path, text] of Object.entries({ ...referenceFiles(), 'docs/environment.md': environmentPage() })) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
