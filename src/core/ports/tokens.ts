/** Unforgeable names for links that leave the house: tracking, unsubscribe, hooks. */
export interface Tokens {
  /** Signs an id for one purpose; the token is URL-safe. */
  sign(purpose: 'open' | 'click' | 'unsubscribe' | 'hook', id: string): string;
  /** The id inside, or null when the token is forged, cut or for another purpose. */
  verify(purpose: 'open' | 'click' | 'unsubscribe' | 'hook', token: string): string | null;
}
