/** Did the client say something? GraphQL knows two ways of saying nothing: leaving a field out, and null. */
export const isGiven = <Value>(value: Value | null | undefined): value is Value => value !== null && value !== undefined;
