import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { openLink, type LineState, type Link } from './link.ts';

const LinkContext = createContext<Link | null>(null);

/** Opens the line for all within, and closes it when they go. Another key is another provider: give it a `key` of its own. */
export function LinkProvider({ apiKey, children }: { apiKey: string; children: ReactNode }) {
  const [link, setLink] = useState<Link | null>(null);
  useEffect(() => {
    const opened = openLink(apiKey);
    setLink(opened);
    return () => opened.close();
  }, [apiKey]);
  return link && <LinkContext value={link}>{children}</LinkContext>;
}

/** The page's line to the API. Only within a `LinkProvider`. */
export function useLink(): Link {
  const link = useContext(LinkContext);
  if (!link) throw new Error('There is no line here: put this component into a LinkProvider.');
  return link;
}

export function useLineState(): LineState {
  const link = useLink();
  return useSyncExternalStore(link.watch, link.state);
}

/** When (ms) the line was last lost, as long as the page is there; null while it never was. */
export function useLostAt(): number | null {
  const line = useLineState();
  const [lostAt, setLostAt] = useState<number | null>(null);
  if (line.kind === 'lost' && line.since !== lostAt) setLostAt(line.since);
  return lostAt;
}
