import type { WorkflowSourceQuery } from '../../generated/operations/graphql.ts';

/** A definition as the server has it. */
export interface Stored {
  revision: number;
  yaml: string;
  /** Is it published as it stands? */
  published: boolean;
}

/** A definition that somebody may be typing at. */
export interface Draft {
  text: string;
  /** What the text was begun from, and is compared with. */
  base: Stored;
  /** What somebody else has stored meanwhile. */
  theirs: Stored | null;
}

/** The newest definition of a workflow: its draft, else what is published; with the line ends that an editor has. */
export function storedOf({ revision, draft, published }: NonNullable<WorkflowSourceQuery['workflow']>): Stored {
  return { revision, yaml: ((draft ?? published)?.yaml ?? '').replace(/\r\n?/g, '\n'), published: draft === null };
}

export const begun = (base: Stored): Draft => ({ text: base.yaml, base, theirs: null });

export const isChanged = ({ text, base }: Draft): boolean => text !== base.yaml;

export type Edit =
  | { kind: 'typed'; text: string }
  | { kind: 'read'; stored: Stored }
  /** The text as it was sent is stored; what was typed since then is not. */
  | { kind: 'saved'; yaml: string; revision: number }
  /** Theirs instead of ours, or ours upon theirs. */
  | { kind: 'taken' }
  | { kind: 'kept' };

/** A draft after something happened to it. Nothing that was typed is lost unless its writer says so. */
export function edited(draft: Draft, edit: Edit): Draft {
  if (edit.kind === 'typed') return withStored({ ...draft, text: edit.text, theirs: null }, draft.theirs ?? draft.base);
  if (edit.kind === 'read') return withStored(draft, edit.stored);
  if (edit.kind === 'saved') {
    const base = { revision: edit.revision, yaml: edit.yaml, published: false };
    return withStored({ ...draft, base, theirs: null }, draft.theirs ?? base);
  }
  if (draft.theirs === null) return draft;
  return edit.kind === 'taken' ? begun(draft.theirs) : { ...draft, base: draft.theirs, theirs: null };
}

/** What was read anew is taken over where nothing would be lost by it; else it stands beside the text until its writer decides. */
function withStored(draft: Draft, stored: Stored): Draft {
  if (stored.revision < draft.base.revision) return draft;
  if (!isChanged(draft) || stored.yaml === draft.text) return begun(stored);
  return stored.yaml === draft.base.yaml ? { ...draft, base: stored, theirs: null } : { ...draft, theirs: stored };
}

/** Where a line begins and ends in a text, for an editor to show it; lines count from 1. */
export function lineAt(text: string, line: number): [start: number, end: number] {
  const before = text.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, one) => sum + one.length + 1, 0);
  const end = text.indexOf('\n', start);
  return [Math.min(start, text.length), end < 0 ? text.length : end];
}
