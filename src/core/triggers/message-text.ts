import { z } from 'zod';
import { asText } from '../as-text.ts';

/** What narrows a trigger on inbound messages. */
export const messageConfig = z.strictObject({
  keyword: z.string().trim().regex(/^\S+$/, 'expected one word').max(100).optional().describe('The first word of the message, whatever its case.'),
  contains: z.string().min(1).max(500).optional().describe('A text that stands anywhere in it, whatever its case.'),
});
export type MessageConfig = z.output<typeof messageConfig>;

/**
 * Does an inbound message match? `keyword` is its first word, `contains` any part of it; neither minds case, and the keyword
 * minds no punctuation around the word. Several texts (an e-mail's subject and body) match when one of them does.
 */
export function messageMatches({ keyword, contains }: MessageConfig, texts: unknown[]): boolean {
  const written = texts.map((text) => asText(text ?? '').toLowerCase());
  if (keyword !== undefined && !written.some((text) => firstWord(text) === bare(keyword.toLowerCase()))) return false;
  return contains === undefined || written.some((text) => text.includes(contains.toLowerCase()));
}

const firstWord = (text: string): string => bare(/\S+/.exec(text)?.[0] ?? '');

/** A word without the punctuation around it; one that is nothing else stays. */
const bare = (word: string): string => word.replace(/^\p{P}+|\p{P}+$/gu, '') || word;
