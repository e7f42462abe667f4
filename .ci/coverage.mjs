// Reads what the last `npm test -- --coverage` measured and holds it to the floors of the house.
import { readFileSync } from 'node:fs';

const floors = [
  { name: 'core', part: (file) => file.includes('/src/core/'), percent: 95 },
  { name: 'all', part: () => true, percent: 90 },
];

const { total: _total, ...files } = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8'));
let low = 0;
for (const { name, part, percent } of floors) {
  const lines = Object.entries(files).filter(([file]) => part(file)).map(([, { lines }]) => lines);
  const share = (100 * lines.reduce((sum, { covered }) => sum + covered, 0)) / Math.max(1, lines.reduce((sum, { total }) => sum + total, 0));
  console.log(`${name}: ${share.toFixed(1)} % of lines, the floor is ${percent} %`);
  if (share < percent) low += 1;
}
if (low > 0) {
  const worst = Object.entries(files).sort(([, a], [, b]) => b.lines.total - b.lines.covered - (a.lines.total - a.lines.covered)).slice(0, 15);
  for (const [file, { lines }] of worst) console.log(`  ${lines.total - lines.covered} lines uncovered in ${file}`);
}
process.exit(low > 0 ? 1 : 0);
