/** What a kind of trouble makes processes say. Each line says what it means and what happens next; a line that the fault at hand does not explain is a defect. */
const LINES = {
  /** A machine that others use as well: an answer within two seconds is no promise. */
  load: [/trouble with [\s\S]*(timed out|no answer within)/, /could not be nudged.*no answer within/, /Redis at \S+ \(REDIS_URL\) (cannot be used: .*(timed out|no answer within)|is back)/],
  redis: [/trouble with /, /Redis at \S+ \(REDIS_URL\) (cannot be used|is back)/, /could not be nudged/, /what runs went on to could not be told/],
  postgres: [/trouble with /, /a round failed/, /results of sends could not be written/, /no heartbeat/, /what runs went on to could not be told/],
  /** By its clock, a sleeper's statements were not answered in time. */
  slept: [/results of sends could not be written.*Query read timeout/],
  killed: [/ended \(SIGKILL\) and is started again\.$/],
  drained: [/ended \(exit code 0\) and is started again\.$/, /did not close cleanly/],
  forged: [/a request that Twilio did not sign/],
} satisfies Record<string, RegExp[]>;
export type Trouble = keyof typeof LINES;

/** Every line that nobody expected: an error of unknown kind, an unhandled rejection, a crash. The stack below a message belongs to it. */
export function checkNoise(said: string[], troubles: Trouble[]): string[] {
  const known = [...LINES.load, ...troubles.flatMap((trouble) => LINES[trouble])];
  const unknown = said.filter((line) => !known.some((expected) => expected.test(line)));
  return unknown.length === 0 ? [] : [`processes said what nobody expected (${unknown.length} lines): ${unknown.slice(0, 12).join(' ⏎ ')}`];
}
