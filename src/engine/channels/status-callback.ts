import type { Context } from '../../context.ts';
import { isPublicUrl } from '../../core/public-url.ts';

/** Where a provider reports what became of a send, or null when the world cannot reach this installation. */
export function statusCallback(ctx: Context, door: 'status' | 'voice', sendId: string): string | null {
  const { publicUrl } = ctx.environment;
  return isPublicUrl(publicUrl) ? `${publicUrl}/hooks/twilio/${door}?send=${sendId}` : null;
}
