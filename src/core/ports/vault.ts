/** Keeps texts that the database must not be able to read. */
export interface Vault {
  /** @param place what the text is bound to (location and name): sealed for one place, it opens at no other. */
  seal(place: string, text: string): Uint8Array;
  /** Throws INVALID_STATE for what was sealed elsewhere or with another key. */
  open(place: string, sealed: Uint8Array): string;
}

/** The place of a location's secret. */
export const secretPlace = (locationId: string, name: string): string => `secret/${locationId}/${name}`;
