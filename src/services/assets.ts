import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Page, PageRequest, TemplateRecord, VoicemailRecord } from '../core/ports/records.ts';
import { checkTemplate } from '../core/templates/parse.ts';
import { MillraceError, NotFoundError, type Fault } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { auditLine, deskFor, type Caller } from './caller.ts';
import { readPage } from './paging.ts';
import { invalidInput, parseInput, plainText, slugSchema } from './parse-input.ts';

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

const MEBIBYTE = 1_048_576;
const bodies = ['subject', 'html', 'text', 'message'] as const;
const templateSchema = z.strictObject({
  slug: slugSchema,
  channel: z.enum(['email', 'sms'], 'expected email or sms'),
  name: plainText(255).nullish(),
  subject: plainText(2_000).nullish(),
  html: plainText(MEBIBYTE).nullish(),
  text: plainText(MEBIBYTE).nullish(),
  message: plainText(10_000).nullish(),
});
const templateChange = templateSchema.omit({ channel: true }).partial();

/** Throws ALREADY_EXISTS for a taken slug, INVALID_INPUT (faults) for a bad slug, a missing body or a fault in the template's own syntax. */
export async function createTemplate(ctx: Context, who: Caller, input: TemplateInput): Promise<TemplateRecord> {
  const desk = deskFor(ctx, who, 'write');
  const { slug, channel, name, subject = null, html = null, text = null, message = null } = parseInput(templateSchema, input, 'template');
  const template = { slug, channel, name: name ?? slug, subject, html, text, message };
  checkBodies(template);
  const made = await desk.insertTemplate(template, auditLine(who, 'template.create', slug));
  if (!made) throw slugTaken('template', slug);
  return made;
}

/** Changes what is named. Throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT. */
export async function updateTemplate(ctx: Context, who: Caller, input: { id: string } & Partial<Omit<TemplateInput, 'channel'>>): Promise<TemplateRecord> {
  const desk = deskFor(ctx, who, 'write');
  const { id, ...rest } = input;
  const { name, ...given } = parseInput(templateChange, rest, 'template');
  const before = isUuid(id) ? await desk.findTemplate(id) : null;
  if (!before) throw new NotFoundError('template', id);
  const change = { ...definedOf(given), ...(name && { name }) };
  checkBodies({ ...before, ...change });
  const after = await desk.updateTemplate(id, change, auditLine(who, 'template.update', before.slug, { fields: Object.keys(change) }));
  if (after === 'taken') throw slugTaken('template', given.slug ?? before.slug);
  if (!after) throw new NotFoundError('template', id);
  return after;
}

/** Newest first. */
export async function listTemplates(ctx: Context, who: Caller, input: PageRequest & { channel?: 'email' | 'sms' | null } = {}): Promise<Page<TemplateRecord>> {
  const desk = deskFor(ctx, who, 'read');
  return readPage(input, (range) => desk.listTemplates({ channel: input.channel ?? null }, range));
}

const audioUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https address of a recording' }).max(2_000, 'expected at most 2000 characters');
const voicemailSchema = z.strictObject({ slug: slugSchema, audioUrl, name: plainText(255).nullish() });

/** `audioUrl` is http or https. Throws ALREADY_EXISTS, INVALID_INPUT. */
export async function createVoicemail(ctx: Context, who: Caller, input: { slug: string; audioUrl: string; name?: string | null }): Promise<VoicemailRecord> {
  const desk = deskFor(ctx, who, 'write');
  const { slug, name, audioUrl: url } = parseInput(voicemailSchema, input, 'voicemail');
  const made = await desk.insertVoicemail({ slug, audioUrl: url, name: name ?? slug }, auditLine(who, 'voicemail.create', slug));
  if (!made) throw slugTaken('voicemail', slug);
  return made;
}

/** Changes what is named. Throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT. */
export async function updateVoicemail(ctx: Context, who: Caller, input: { id: string; slug?: string; audioUrl?: string; name?: string | null }): Promise<VoicemailRecord> {
  const desk = deskFor(ctx, who, 'write');
  const { id, ...rest } = input;
  const { name, ...given } = parseInput(voicemailSchema.partial(), rest, 'voicemail');
  const change = { ...definedOf(given), ...(name && { name }) };
  const after = isUuid(id) ? await desk.updateVoicemail(id, change, auditLine(who, 'voicemail.update', id, { fields: Object.keys(change) })) : null;
  if (after === 'taken') throw slugTaken('voicemail', given.slug ?? id);
  if (!after) throw new NotFoundError('voicemail', id);
  return after;
}

/** Newest first. */
export async function listVoicemails(ctx: Context, who: Caller, input: PageRequest = {}): Promise<Page<VoicemailRecord>> {
  const desk = deskFor(ctx, who, 'read');
  return readPage(input, (range) => desk.listVoicemails(range));
}

/** A template has something to say on its channel, and every `{{ … }}` in it can be read. */
function checkBodies(template: Pick<TemplateRecord, 'channel' | 'subject' | 'html' | 'text' | 'message'>): void {
  const faults: Fault[] = bodies.flatMap((field) => syntaxFaults(field, template[field]));
  if (template.channel === 'email' && !template.subject) faults.push({ path: ['subject'], message: 'an e-mail needs a subject' });
  if (template.channel === 'email' && !template.html && !template.text) faults.push({ path: ['html'], message: 'an e-mail needs html, text or both' });
  if (template.channel === 'sms' && !template.message) faults.push({ path: ['message'], message: 'an SMS needs a message' });
  if (faults.length > 0) throw invalidInput('template', faults);
}

const syntaxFaults = (field: string, text: string | null): Fault[] =>
  text === null ? [] : checkTemplate(text).map(({ message, hint, offset }) => ({ path: [field], message: `${message}${hint ? ` ${hint}` : ''} (at character ${offset + 1})` }));

const definedOf = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;

const slugTaken = (what: string, slug: string): MillraceError =>
  new MillraceError('ALREADY_EXISTS', `There is a ${what} "${slug}" in this location already. Update that one, or take another slug.`, {
    faults: [{ path: ['slug'], message: 'is taken' }], detail: { slug },
  });
