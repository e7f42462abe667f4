import { z } from 'zod';

/** A template as a trigger names it: by its slug, or as steps do, `{{templates.welcome_email}}`. Read as the slug. */
export const templateSlug = z
  .string()
  .min(1)
  .max(200)
  .transform((text) => /^\{\{\s*templates\.([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}$/.exec(text)?.[1] ?? text);
