/** Assets as definitions look them up. Without a prototype: a slug is data and may be called `constructor`. */
export const bySlug = <Asset extends { slug: string }>(assets: Asset[]): Record<string, Asset> =>
  Object.assign(Object.create(null) as Record<string, Asset>, Object.fromEntries(assets.map((asset) => [asset.slug, asset])));
