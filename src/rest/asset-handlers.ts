import type { z } from 'zod';
import type { Calendar } from '../core/state.ts';
import { createTemplate, createVoicemail, listTemplates, listVoicemails } from '../services/assets.ts';
import { getLocation, updateLocation } from '../services/locations.ts';
import { listReply } from './list-reply.ts';
import { showLocation, showTemplate, showVoicemail } from './representations.ts';
import type { Call, Reply } from './route.ts';
import type * as schemas from './schemas.ts';

export async function addTemplate({ ctx, who, body }: Call<z.output<typeof schemas.templateBody>>): Promise<Reply> {
  return { status: 201, body: showTemplate(await createTemplate(ctx, who, body)) };
}

export async function templates({ ctx, who, query, request }: Call<undefined, z.output<typeof schemas.templatesQuery>>): Promise<Reply> {
  const { channel = null, limit, cursor } = query;
  return listReply(request, await listTemplates(ctx, who, { channel, limit, after: cursor ?? null }), showTemplate);
}

export async function addVoicemail({ ctx, who, body }: Call<z.output<typeof schemas.voicemailBody>>): Promise<Reply> {
  const { slug, audio_url: audioUrl, name = null } = body;
  return { status: 201, body: showVoicemail(await createVoicemail(ctx, who, { slug, audioUrl, name })) };
}

export async function voicemails({ ctx, who, query, request }: Call<undefined, z.output<typeof schemas.pageQuery>>): Promise<Reply> {
  return listReply(request, await listVoicemails(ctx, who, { limit: query.limit, after: query.cursor ?? null }), showVoicemail);
}

export async function location({ ctx, who }: Call): Promise<Reply> {
  return { status: 200, body: showLocation(await getLocation(ctx, who)) };
}

export async function changeLocation({ ctx, who, body }: Call<z.output<typeof schemas.locationBody>>): Promise<Reply> {
  // The service checks the names of the days and the hours, with a fault for each.
  const calendar = body.calendar as Calendar | undefined;
  return { status: 200, body: showLocation(await updateLocation(ctx, who, { ...body, calendar })) };
}
