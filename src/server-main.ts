import { join } from 'node:path';
import { composeHouse } from './compose.ts';
import { readEnvironment } from './environment.ts';
import { startServer } from './server.ts';
import { bootstrapLocation } from './services/locations.ts';
import { stopOnSignals } from './shutdown.ts';
import { nameSources } from './stack-sources.ts';

/** The API as a process: makes sure of a first location and key, serves, and says where. */
nameSources();
const environment = readEnvironment();
const { ctx, shutdown } = await composeHouse(environment, 'api', 'api');
const { location, secret } = await bootstrapLocation(ctx, { name: environment.locationName, key: environment.bootstrapApiKey });
// The build puts the live pages beside this file; run from its source there are none.
const server = await startServer(ctx, join(import.meta.dirname, 'dashboard'));
shutdown.add('server', () => server.close());
stopOnSignals(shutdown);

const { publicUrl, bootstrapApiKey } = environment;
/** A drawn key opens the live pages at once. It stands behind the hash, which browsers keep to themselves. */
const open = secret !== null && bootstrapApiKey === null ? `/#key=${secret}` : '';
const lines = [
  `Start here  ${publicUrl}${open}`,
  `GraphQL     ${publicUrl}/graphql   with an editor to try it in`,
  `REST        ${publicUrl}/api/docs   every route, to read and to try`,
  `Health      ${publicUrl}/readyz, /metrics`,
  `Location    ${location.name}`,
  ...keyLines(secret, bootstrapApiKey),
];
if (process.send) process.send({ ready: true, lines });
else console.log(lines.join('\n'));

/** A drawn key is shown this once; one that was given is known to whoever gave it. */
function keyLines(drawn: string | null, given: string | null): string[] {
  if (given) return ['API key     the one in BOOTSTRAP_API_KEY'];
  return drawn ? [`API key     ${drawn}   (shown this once: keep it)`] : ['API key     the one shown at the first start; lost? Name a new one with BOOTSTRAP_API_KEY'];
}
