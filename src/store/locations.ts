import type { Pool } from 'pg';
import type { Calendar, Data, Location } from '../core/state.ts';

export type KnownLocation = Location & { assetsRevision: number };

/** A row's version by the server's own stamp (`xmin`): it differs after any write, whoever wrote. */
export interface LocationStamp {
  location_id: string;
  location_stamp: string;
}

/** Locations by id, read again only when a hot read saw another stamp: their calendars are not worth sending with every run. */
export class LocationCache {
  readonly #pool: Pool;
  readonly #known = new Map<string, { stamp: string; location: KnownLocation }>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async gather(rows: LocationStamp[]): Promise<Map<string, KnownLocation>> {
    const stamps = new Map(rows.map((row) => [row.location_id, row.location_stamp]));
    const stale = [...stamps].filter(([id, stamp]) => this.#known.get(id)?.stamp !== stamp).map(([id]) => id);
    if (stale.length > 0) await this.#read(stale);
    const found = new Map<string, KnownLocation>();
    for (const id of stamps.keys()) {
      const known = this.#known.get(id);
      if (known) found.set(id, known.location);
    }
    return found;
  }

  async #read(ids: string[]): Promise<void> {
    const { rows } = await this.#pool.query<LocationRow>({ name: 'locations', text: LOCATIONS, values: [ids] });
    if (this.#known.size > 10_000) this.#known.clear();
    for (const { stamp, id, name, timezone, calendar, defaults, assets_revision } of rows) {
      this.#known.set(id, { stamp, location: { id, name, timezone, calendar, defaults, assetsRevision: assets_revision } });
    }
  }
}

interface LocationRow {
  id: string;
  stamp: string;
  name: string;
  timezone: string;
  calendar: Calendar;
  defaults: Data;
  assets_revision: number;
}

const LOCATIONS = 'SELECT id, xmin::text AS stamp, name, timezone, calendar, defaults, assets_revision FROM locations WHERE id = ANY($1::uuid[])';
