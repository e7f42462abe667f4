import type { RunnerTask } from 'vitest';

/** The names of all tests of the file that a test stands in: a table of the language is proven row by row, so each row has its name. */
export function testNames({ file }: RunnerTask): string[] {
  const namesOf = (task: RunnerTask): string[] => (task.type === 'suite' ? task.tasks.flatMap(namesOf) : [task.name]);
  return file.tasks.flatMap(namesOf);
}
