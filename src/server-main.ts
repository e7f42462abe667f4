import { join } from 'node:path';
import { composeHouse } from './compose.ts';
import { readEnvironment } from './environment.ts';
import { invite } from './http/invitation.ts';
import { startServer } from './server.ts';
import { bootstrapLocation } from './services/locations.ts';
import { stopOnSignals } from './shutdown.ts';
import { nameSources } from './stack-sources.ts';

/** The API as a process: makes sure of a first location and key, serves, and says where. */
nameSources();
const environment = readEnvironment();
const { ctx, shutdown } = await composeHouse(environment, 'api', 'api');
const { location, secret } = await bootstrapLocation(ctx, { name: environment.locationName, key: environment.bootstrapApiKey });
const { publicUrl, bootstrapApiKey } = environment;
/** A key that was drawn just now opens the live pages by the address that is printed. One that was given is in its giver's hands already. */
const drawn = bootstrapApiKey === null ? secret : null;
const invitation = invite(drawn, () => ctx.clock.machineNow());
// The build puts the live pages beside this file; run from its source there are none.
const server = await startServer(ctx, { folder: join(import.meta.dirname, 'dashboard'), invitation });
shutdown.add('server', () => server.close());
stopOnSignals(shutdown);

const lines = [
  `Start here  ${publicUrl}${drawn === null ? '' : `/#open=${invitation.code}`}`,
  `GraphQL     ${publicUrl}/graphql   with an editor to try it in`,
  `REST        ${publicUrl}/api/docs   every route, to read and to try`,
  `Health      ${publicUrl}/readyz, /metrics`,
  `Location    ${location.name}`,
  ...keyLines(drawn, bootstrapApiKey),
];
if (process.send) process.send({ ready: true, lines });
else console.log(lines.join('\n'));

/** A drawn key is shown this once; one that was given is known to whoever gave it. */
function keyLines(shown: string | null, given: string | null): string[] {
  if (given) return ['API key     the one in BOOTSTRAP_API_KEY'];
  return shown ? [`API key     ${shown}   (shown this once: keep it)`] : ['API key     the one shown at the first start; lost? Name a new one with BOOTSTRAP_API_KEY'];
}
