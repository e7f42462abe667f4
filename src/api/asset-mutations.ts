import { createTemplate, createVoicemail, updateTemplate, updateVoicemail } from '../services/assets.ts';
import { builder } from './builder.ts';
import { AlreadyExists, InvalidInput, NotFound } from './errors.ts';
import { TemplateChannel } from './enums.ts';
import type { Fields } from './fields.ts';
import { uuidOf } from './ids.ts';

const SLUG = 'How definitions name it: lower case, digits, `-` and `_`.';

/** What the client said; an explicit null of a field that cannot be empty says nothing. */
const said = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined;

builder.relayMutationField('createTemplate', {
  description: 'A new template. E-mails have a subject and `html` or `text`, SMS a `message`.',
  inputFields: (t) => ({
    slug: t.string({ required: true, description: SLUG }),
    channel: t.field({ type: TemplateChannel, required: true, description: 'What it is for; it never changes.' }),
    name: t.string({ description: 'The slug unless said.' }),
    subject: t.string({ description: 'E-mail only: the subject line.' }),
    html: t.string({ description: 'E-mail only: the HTML part.' }),
    text: t.string({ description: 'The plain part of an e-mail.' }),
    message: t.string({ description: 'SMS only: the text.' }),
  }),
}, {
  description: 'Creates a template.',
  errors: { types: [AlreadyExists, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => ({ templateId: (await createTemplate(ctx, who, input)).id }),
}, { outputFields: (t) => ({ template: templateField(t) }) });

builder.relayMutationField('updateTemplate', {
  description: 'What is to change in a template; what is left out stays.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: 'Its node id or uuid.' }),
    slug: t.string({ description: SLUG }),
    name: t.string({ description: 'What people call it.' }),
    subject: t.string({ description: 'E-mail only: the subject line.' }),
    html: t.string({ description: 'E-mail only: the HTML part.' }),
    text: t.string({ description: 'E-mail only: the plain part.' }),
    message: t.string({ description: 'SMS only: the text.' }),
  }),
}, {
  description: 'Changes a template. Messages that are sent from now on use it.',
  errors: { types: [NotFound, AlreadyExists, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { slug, ...change } = input;
    return { templateId: (await updateTemplate(ctx, who, { ...change, id: uuidOf('Template', input.id), ...(said(slug) && { slug: said(slug) }) })).id };
  },
}, { outputFields: (t) => ({ template: templateField(t) }) });

builder.relayMutationField('createVoicemail', {
  description: 'A new recording.',
  inputFields: (t) => ({
    slug: t.string({ required: true, description: SLUG }),
    audioUrl: t.string({ required: true, description: 'Where the recording is: http or https.' }),
    name: t.string({ description: 'The slug unless said.' }),
  }),
}, {
  description: 'Creates a recording for calls.',
  errors: { types: [AlreadyExists, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => ({ voicemailId: (await createVoicemail(ctx, who, input)).id }),
}, { outputFields: (t) => ({ voicemail: voicemailField(t) }) });

builder.relayMutationField('updateVoicemail', {
  description: 'What is to change in a recording; what is left out stays.',
  inputFields: (t) => ({
    id: t.id({ required: true, description: 'Its node id or uuid.' }),
    slug: t.string({ description: SLUG }),
    audioUrl: t.string({ description: 'Where the recording is: http or https.' }),
    name: t.string({ description: 'What people call it.' }),
  }),
}, {
  description: 'Changes a recording.',
  errors: { types: [NotFound, AlreadyExists, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const change = {
      ...(said(input.slug) && { slug: said(input.slug) }),
      ...(said(input.audioUrl) && { audioUrl: said(input.audioUrl) }),
      ...(said(input.name) && { name: input.name }),
    };
    return { voicemailId: (await updateVoicemail(ctx, who, { id: uuidOf('Voicemail', input.id), ...change })).id };
  },
}, { outputFields: (t) => ({ voicemail: voicemailField(t) }) });

function templateField<Parent extends { templateId: string }>(t: Fields<Parent>) {
  return t.prismaField({
    type: 'Template',
    description: 'The template as it is now.',
    resolve: (query, { templateId }, _args, { db }) => db.template.findUniqueOrThrow({ ...query, where: { id: templateId } }),
  });
}

function voicemailField<Parent extends { voicemailId: string }>(t: Fields<Parent>) {
  return t.prismaField({
    type: 'Voicemail',
    description: 'The recording as it is now.',
    resolve: (query, { voicemailId }, _args, { db }) => db.voicemail.findUniqueOrThrow({ ...query, where: { id: voicemailId } }),
  });
}
