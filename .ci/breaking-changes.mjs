// What the last commit's schema.graphql promised must still hold: additions pass, and a break passes only when CHANGELOG.md names it under "### Breaking".
//   node .ci/breaking-changes.mjs [BASE]      BASE: the commit to compare with; before a commit its parent is HEAD, after it HEAD~1
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

/** The lines of the changelog's newest "### Breaking", as one text. */
export function announced(changelog) {
  const newest = changelog.split(/^## /m)[1] ?? '';
  return newest.split(/^### /m).find((part) => part.startsWith('Breaking\n')) ?? '';
}

/**
 * Compares two schemas, as text. A break is announced when the changelog names what it is about, in backticks: `Type` or `Type.field`.
 * @returns breaks that nobody announced, those that somebody did, and changes that a careless client could trip over
 */
export function compareSchemas(before, after, changelog) {
  const [from, to] = [before, after].map((text) => buildSchema(text));
  const breaking = findBreakingChanges(from, to).map(({ description }) => description);
  const names = new Set([...announced(changelog).matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
  const isAnnounced = (description) => [...names].some((name) => description.split(/[^\w.]+/).map((word) => word.replace(/\.$/, '')).includes(name));
  return { silent: breaking.filter((one) => !isAnnounced(one)), announced: breaking.filter(isAnnounced), dangerous: findDangerousChanges(from, to).map(({ description }) => description) };
}

const git = (...words) => execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 16 * 1024 * 1024 });

/** The commit whose promise counts: the last one while its schema is being changed, else the one before it. */
const baseOf = () => (git('status', '--porcelain', '--', 'schema.graphql') === '' ? 'HEAD~1' : 'HEAD');

function main(base) {
  let before;
  try {
    before = git('show', `${base}:schema.graphql`);
  } catch {
    console.log(`${base} has no schema.graphql: nothing to compare with`);
    return 0;
  }
  const found = compareSchemas(before, readFileSync('schema.graphql', 'utf8'), readFileSync('CHANGELOG.md', 'utf8'));
  for (const line of found.dangerous) console.log(`note      ${line}`);
  for (const line of found.announced) console.log(`announced ${line}`);
  for (const line of found.silent) console.log(`BREAKING  ${line}`);
  if (found.silent.length > 0) console.log('Clients rely on these. Keep them and deprecate them, or name each (`Type.field`) under "### Breaking" of the changelog\'s newest section.');
  console.log(`${found.silent.length} breaking, ${found.announced.length} announced, ${found.dangerous.length} to note, since ${base}`);
  return found.silent.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv[2] ?? baseOf());
