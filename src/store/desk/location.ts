import type { LocationDesk } from '../../core/ports/desk.ts';
import type { LocationRecord } from '../../core/ports/records.ts';
import { jsonText } from '../json-text.ts';
import type { Bench } from './bench.ts';
import { writeAudit } from './outbox.ts';
import { recordOf, timed } from './rows.ts';

export const LOCATION = 'id, name, timezone, calendar, defaults, assets_revision, created_at, updated_at';

export function locationDesk({ locationId, prisma, transact }: Bench): LocationDesk {
  return {
    async readLocation() {
      return timed(await prisma.location.findUniqueOrThrow({ where: { id: locationId } })) as LocationRecord;
    },
    updateLocation: ({ name, timezone, calendar, defaults }, audit) =>
      transact(async (sql) => {
        const row = await sql.row(
          `UPDATE locations SET name = COALESCE($2, name), timezone = COALESCE($3, timezone), calendar = COALESCE($4, calendar), defaults = COALESCE($5, defaults),
             assets_revision = assets_revision + 1, updated_at = now() WHERE id = $1 RETURNING ${LOCATION}`,
          [locationId, name ?? null, timezone ?? null, calendar ? jsonText(calendar) : null, defaults ? jsonText(defaults) : null],
        );
        await writeAudit(sql, locationId, audit);
        return recordOf<LocationRecord>(row as object);
      }),
    journeyNow: () => transact(async (sql) => (await sql.row<{ now: Date }>('SELECT journey_now() AS now'))!.now.getTime()),
  };
}
