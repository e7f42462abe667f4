import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../src/context.ts';
import { MillraceError } from '../src/errors.ts';
import { createTemplate, createVoicemail } from '../src/services/assets.ts';
import type { Caller } from '../src/services/caller.ts';
import { publishWorkflow } from '../src/services/publishing.ts';
import { importWorkflow } from '../src/services/transfer.ts';
import { getWorkflow } from '../src/services/workflows.ts';

const templates = [
  {
    slug: 'welcome', name: 'Welcome', subject: 'Welcome, {{contact.first_name | default: "friend"}}',
    html: '<p>Hello {{contact.first_name}}, good to have you. <a href="https://example.com/start">Start here</a>.</p>',
  },
  {
    slug: 'reminder', name: 'Reminder', subject: '{{contact.first_name}}, shall we talk?',
    html: '<p>Hello {{contact.first_name}}, a quarter of an hour is enough. <a href="https://example.com/book">Book a call</a>.</p>',
  },
  { slug: 'trial-tips', name: 'Trial tips', subject: 'Three things to try first', html: '<p>Hello {{contact.first_name}}, these three things show the most.</p>' },
  { slug: 'trial-ends', name: 'Trial ends', subject: 'Your trial ends soon', html: '<p>Hello {{contact.first_name}}, two days are left.</p>' },
];

/** The demo's journeys: every definition of `examples/`, by file name. */
export const demoSlugs = ['new-lead-nurture', 'trial-onboarding', 'abandoned-cart'];

/** Templates, a voicemail and the published journeys of the demo. May be called again: what is there already stays as it is. */
export async function seed(ctx: Context, who: Caller, examples: string): Promise<void> {
  for (const template of templates) await unlessThere(() => createTemplate(ctx, who, { ...template, channel: 'email' }));
  await unlessThere(() => createVoicemail(ctx, who, { slug: 'intro', name: 'Introduction', audioUrl: 'https://example.com/intro.mp3' }));
  const files = readdirSync(examples).filter((file) => demoSlugs.some((slug) => file === `${slug}.workflow.yaml`));
  for (const file of files) await seedWorkflow(ctx, who, file.replace('.workflow.yaml', ''), readFileSync(join(examples, file), 'utf8'));
}

async function seedWorkflow(ctx: Context, who: Caller, slug: string, text: string): Promise<void> {
  const known = await getWorkflow(ctx, who, { slug }).catch((error: unknown) => onlyMissing(error));
  if (known) return;
  const { workflow } = await importWorkflow(ctx, who, { source: { format: 'yaml', text } });
  if (workflow) await publishWorkflow(ctx, who, { id: workflow.id });
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'ALREADY_EXISTS')) throw error;
  }
}

function onlyMissing(error: unknown): null {
  if (error instanceof MillraceError && error.code === 'NOT_FOUND') return null;
  throw error;
}
