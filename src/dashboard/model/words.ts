import type { EnrollmentStatus, StepStatus, WorkflowStatus } from '../../generated/operations/graphql.ts';

/** A state as people read it: never a colour alone. */
export interface Word {
  mark: string;
  text: string;
  tone: 'live' | 'good' | 'quiet' | 'bad' | 'held';
}

export const workflowWords: Record<WorkflowStatus, Word> = {
  ACTIVE: { mark: '●', text: 'active', tone: 'live' },
  PAUSED: { mark: '‖', text: 'paused', tone: 'held' },
  DRAFT: { mark: '○', text: 'draft', tone: 'quiet' },
  ARCHIVED: { mark: '□', text: 'archived', tone: 'quiet' },
};

export const enrollmentWords: Record<EnrollmentStatus, Word> = {
  ACTIVE: { mark: '●', text: 'on the way', tone: 'live' },
  COMPLETED: { mark: '✓', text: 'completed', tone: 'good' },
  EXITED: { mark: '↗', text: 'exited', tone: 'quiet' },
  FAILED: { mark: '✕', text: 'failed', tone: 'bad' },
};

export const stepWords: Record<StepStatus, Word> = {
  PENDING: { mark: '○', text: 'waiting', tone: 'live' },
  EXECUTING: { mark: '●', text: 'under way', tone: 'live' },
  COMPLETED: { mark: '✓', text: 'done', tone: 'good' },
  SKIPPED: { mark: '–', text: 'skipped', tone: 'quiet' },
  FAILED: { mark: '✕', text: 'failed', tone: 'bad' },
};

/** Who it is: the name, else the address, else what can be said of somebody nameless. */
export function nameOf(contact: { firstName: string | null; lastName: string | null; email: string | null; phone: string | null; deletedAt: string | null } | null): string {
  if (contact === null || contact.deletedAt !== null) return 'A contact that was deleted';
  const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ');
  return name || contact.email || contact.phone || 'A contact without a name';
}

/** `send_email` → `send email`. */
export const spoken = (identifier: string): string => identifier.replace(/^trigger:\d+$/, 'start').replaceAll('_', ' ');

/** Config keys that tell most of a step in a word, the most telling first. */
const TELLING = [
  'subject', 'message', 'duration', 'until', 'at', 'tag', 'tags', 'name', 'workflow_id', 'url',
  'template_id', 'voicemail_drop_id', 'audio_url', 'say', 'timeout', 'cron', 'field', 'keyword', 'status',
];

/** One line of what a step or trigger is set to: `1d`, `Your first call to the API`; empty when nothing of it fits in a line. */
export function gistOf(config: unknown): string {
  if (typeof config !== 'object' || config === null) return '';
  const told = TELLING.map((key) => (config as Record<string, unknown>)[key]).find((value) => typeof value === 'string' || Array.isArray(value));
  return told === undefined ? '' : String(told).replace(/^\{\{\s*(?:templates|voicemails)\.([\w-]+)\s*\}\}$/, '$1');
}
