/** Warnings and errors that a fault may cause, by their message: each says what it means and what happens next. */
const KNOWN = [
  /trouble with /,
  /a round failed/,
  /results of sends could not be written/,
  /could not be nudged/,
  /what runs went on to could not be told/,
  /no heartbeat/,
  /a request that Twilio did not sign/,
  /did not close cleanly/,
  /ended \(\w+( \w+)*\) and is started again\.$/,
];

/** Every line that nobody expected: an error of unknown kind, an unhandled rejection, a crash. The stack below a known message belongs to it. */
export function checkNoise(said: string[]): string[] {
  const unknown = said.filter((line) => !KNOWN.some((known) => known.test(line.split('\n')[0]!)));
  return unknown.length === 0 ? [] : [`processes said what nobody expected (${unknown.length} lines): ${unknown.slice(0, 12).join(' ⏎ ')}`];
}
