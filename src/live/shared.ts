const sources = new WeakSet<AsyncIterable<unknown>>();

/** Says that a stream's values are the same objects for everybody who listens, so that what is made of one value serves them all. */
export function shared<Source extends AsyncIterable<unknown>>(source: Source): Source {
  sources.add(source);
  return source;
}

export const isShared = (source: AsyncIterable<unknown>): boolean => sources.has(source);
