/** What a text message says about further ones: `word` is one that carriers know, `phrase` is somebody's own way to say it. */
export type OptWord = { wish: 'stop'; by: 'word' | 'phrase' } | { wish: 'start'; by: 'word' };

/** Twilio's list and the FCC's (47 CFR 64.1200(a)(10)), and French, which Canada asks for. */
const STOP = new Set(['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout', 'opt out', 'arret']);
const START = new Set(['start', 'unstop']);
/** Any reasonable way of saying it counts. */
const PHRASE =
  /\b(stop (text|messag|send|contact|writ)ing|please stop|unsubscribe me|opt me out|remove me|take me off|(do not|don t|dont) (text|message|contact) me|no more (texts?|messages?)|leave me alone)\b/;

/** Reads the wish to get no more messages, or to get them again, off a text; null for anything else. Case, accents and punctuation do not matter. */
export function optWordOf(text: string): OptWord | null {
  const said = plain(text);
  if (STOP.has(said)) return { wish: 'stop', by: 'word' };
  if (START.has(said)) return { wish: 'start', by: 'word' };
  return PHRASE.test(said) ? { wish: 'stop', by: 'phrase' } : null;
}

const plain = (text: string): string => text.slice(0, 2_000).normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
