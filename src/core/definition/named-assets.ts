import { findStep } from '../steps/index.ts';
import { pathsOf } from '../templates/parse.ts';
import type { Assets } from '../state.ts';
import type { Definition } from './definition.ts';
import { textsOf } from './lint/texts.ts';

/** Stand-ins for every template and voicemail that a definition names, for playing it where no location is at hand. */
export function namedAssets(definition: Definition): Assets {
  const assets: Assets = { templates: {}, voicemails: {} };
  for (const { text, key, step } of textsOf(definition)) {
    const plain = step !== null && !text.includes('{{') ? [text] : [];
    const slugs = (root: string, config: string): string[] =>
      [...pathsOf(text).flatMap(([head, slug]) => (head === root && slug !== undefined ? [slug] : [])), ...(key === config ? plain : [])];
    for (const slug of slugs('templates', 'template_id')) {
      const [subject, message] = [`[${slug}]`, `[${slug}]`];
      assets.templates[slug] = { id: slug, slug, channel: step && findStep(step.type)?.channel === 'sms' ? 'sms' : 'email', subject, html: null, text: message, message };
    }
    for (const slug of slugs('voicemails', 'voicemail_drop_id')) assets.voicemails[slug] = { id: slug, slug, audio_url: `https://example.com/${slug}.mp3` };
  }
  return assets;
}
