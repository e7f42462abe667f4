import type { Context } from '../../context.ts';

/**
 * Where a provider is asked to say what becomes of a send; null as long as nobody said how the world reaches us. The address is signed over by the provider, so
 * the id may stand in it.
 */
export function reportUrl({ environment }: Pick<Context, 'environment'>, door: 'status' | 'voice', sendId: string): string | null {
  return environment.publicUrlGiven ? `${environment.publicUrl}/hooks/twilio/${door}?send=${sendId}` : null;
}
