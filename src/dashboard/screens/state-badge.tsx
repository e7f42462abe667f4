import type { Word } from '../model/words.ts';

/** A state as mark and word. */
export const StateBadge = ({ word: { mark, text, tone } }: { word: Word }) => <span className={`badge ${tone}`}><span aria-hidden="true">{mark}</span> {text}</span>;
