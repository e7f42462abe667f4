/** Warnings and errors that a fault may cause, by their message: each says what it means and what happens next. */
const KNOWN = [
  /trouble with /,
  /a round failed/,
  /results of sends could not be written/,
  /could not be nudged/,
  /what runs went on to could not be told/,
  /no heartbeat/,
  /did not close cleanly/,
  /ended \(\w+( \w+)*\) and is started again\.$/,
];
/** Lines of a stack below a message. */
const STACK = /^\s+(at |\[cause\]|\{|\}|\[?errors?\]?:|code:|errno:|syscall:|address:|port:)/;

/** Every line that nobody expected: an error of unknown kind, an unhandled rejection, a crash. */
export function checkNoise(said: string[]): string[] {
  const unknown = [...new Set(said.flatMap((line) => line.split('\n')).filter((line) => line.trim() !== '' && !STACK.test(line) && !KNOWN.some((known) => known.test(line))))];
  return unknown.length === 0 ? [] : [`processes said what nobody expected (${unknown.length} lines): ${unknown.slice(0, 12).join(' ⏎ ')}`];
}
