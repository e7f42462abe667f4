import type { Pool } from 'pg';
import type { AssetStore } from '../core/ports/hot-path.ts';
import type { TemplateAsset, VoicemailAsset } from '../core/state.ts';
import { bySlug } from './by-slug.ts';

/** Templates and voicemails of a location, with the revision that a cache goes by. */
export function createAssetStore(pool: Pool): AssetStore {
  return {
    async assets(locationId) {
      const { rows } = await pool.query<AssetRow>({ name: 'assets', text: ASSETS, values: [locationId] });
      const { revision = 0, templates = null, voicemails = null } = rows[0] ?? {};
      return { revision, assets: { templates: bySlug(templates ?? []), voicemails: bySlug(voicemails ?? []) } };
    },
  };
}

interface AssetRow {
  revision: number;
  templates: TemplateAsset[] | null;
  voicemails: VoicemailAsset[] | null;
}

// One statement, so that the revision and what it stands for are read together.
const ASSETS = `SELECT l.assets_revision AS revision,
    (SELECT json_agg(json_build_object('id', t.id, 'slug', t.slug, 'channel', t.channel, 'subject', t.subject, 'html', t.html, 'text', t.text, 'message', t.message))
      FROM templates t WHERE t.location_id = l.id) AS templates,
    (SELECT json_agg(json_build_object('id', v.id, 'slug', v.slug, 'audio_url', v.audio_url)) FROM voicemails v WHERE v.location_id = l.id) AS voicemails
  FROM locations l WHERE l.id = $1`;
