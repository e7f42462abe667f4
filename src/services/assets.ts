import type { Context } from '../context.ts';
import type { Page, PageRequest, TemplateRecord, VoicemailRecord } from '../core/ports/records.ts';
import type { Caller } from './caller.ts';

export interface TemplateInput {
  slug: string;
  channel: 'email' | 'sms';
  /** The slug when absent. */
  name?: string | null;
  subject?: string | null;
  html?: string | null;
  text?: string | null;
  message?: string | null;
}
/** Throws ALREADY_EXISTS for a taken slug, INVALID_INPUT (faults) for a bad slug, a missing body or a fault in the template's own syntax. */
export async function createTemplate(ctx: Context, who: Caller, input: TemplateInput): Promise<TemplateRecord> {
  throw new Error('pending');
}
/** Changes what is named. Throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT. */
export async function updateTemplate(ctx: Context, who: Caller, input: { id: string } & Partial<Omit<TemplateInput, 'channel'>>): Promise<TemplateRecord> {
  throw new Error('pending');
}
/** Throws NOT_FOUND. */
export async function getTemplate(ctx: Context, who: Caller, by: { id: string } | { slug: string }): Promise<TemplateRecord> {
  throw new Error('pending');
}
/** Newest first. */
export async function listTemplates(ctx: Context, who: Caller, input: PageRequest & { channel?: 'email' | 'sms' | null } = {}): Promise<Page<TemplateRecord>> {
  throw new Error('pending');
}
/** `audioUrl` is http or https. Throws ALREADY_EXISTS, INVALID_INPUT. */
export async function createVoicemail(ctx: Context, who: Caller, input: { slug: string; audioUrl: string; name?: string | null }): Promise<VoicemailRecord> {
  throw new Error('pending');
}
/** Changes what is named. Throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT. */
export async function updateVoicemail(ctx: Context, who: Caller, input: { id: string; slug?: string; audioUrl?: string; name?: string | null }): Promise<VoicemailRecord> {
  throw new Error('pending');
}
/** Throws NOT_FOUND. */
export async function getVoicemail(ctx: Context, who: Caller, by: { id: string } | { slug: string }): Promise<VoicemailRecord> {
  throw new Error('pending');
}
/** Newest first. */
export async function listVoicemails(ctx: Context, who: Caller, input: PageRequest = {}): Promise<Page<VoicemailRecord>> {
  throw new Error('pending');
}
