import { writeFileSync } from 'node:fs';
import { openapi } from './openapi.ts';
import { everyRoute } from './reference-routes.ts';

/** Writes the description of REST as it follows from the table of routes: `npm run generate`. CI holds the committed file against it. */
writeFileSync('schemas/openapi.json', `${JSON.stringify(openapi(everyRoute, '/'), null, 2)}\n`);
