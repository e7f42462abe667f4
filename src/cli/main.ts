import { readClientEnvironment } from '../environment.ts';
import { suggest } from '../core/definition/nearest.ts';
import { messageOf } from '../errors.ts';
import { EXIT, EnvironmentError, UsageError, type Command, type ExitCode } from './command.ts';
import { commandGroups } from './commands/index.ts';
import { Unreadable } from './files.ts';
import { overview, page } from './help.ts';
import { parseCall } from './parse-call.ts';
import { Refused } from './server.ts';
import { processTerminal } from './terminal.ts';

const commands = Object.values(commandGroups).flat();

/** Runs one command line. Never throws: what goes wrong is told on stderr and in the exit code. */
async function main(words: string[]): Promise<ExitCode> {
  const terminal = processTerminal(words.includes('--json'));
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = commands.find((one) => one.name === rest[0]);
    (name === undefined ? terminal.talk : terminal.data)(asked ? page(asked) : overview(commandGroups));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = commands.find((one) => one.name === name);
  try {
    if (!command) throw new UsageError(`There is no command "${name}". ${suggest(name, commands.map((one) => one.name)) ?? ''}`.trim());
    const parsed = parseCall(command, rest);
    if (parsed.on('help')) {
      terminal.data(page(command));
      return EXIT.ok;
    }
    return await command.run({ ...parsed, terminal, environment: readClientEnvironment() });
  } catch (error) {
    return explain(error, command, terminal.talk);
  }
}

function explain(error: unknown, command: Command | undefined, talk: (text: string) => void): ExitCode {
  if (error instanceof UsageError) {
    talk(`${error.message}\nSee: millrace ${command ? `${command.name} ` : ''}--help`);
    return EXIT.usage;
  }
  if (error instanceof Unreadable) {
    talk(error.message);
    return EXIT.findings;
  }
  talk(error instanceof EnvironmentError ? error.message : `Something went wrong: ${messageOf(error)}`);
  return error instanceof Refused && error.code === 'VALIDATION_FAILED' ? EXIT.findings : EXIT.environment; // about the definition, not about the server
}

// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.environment));
process.exitCode = await main(process.argv.slice(2));
