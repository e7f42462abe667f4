/** Where a command speaks: data goes to stdout, talk to stderr, so that a pipe holds nothing but data. */
export interface Terminal {
  /** True when data is to be JSON. */
  json: boolean;
  data(text: string): void;
  talk(text: string): void;
  /** One value as JSON or, for people, as text. */
  show(value: unknown, text: () => string): void;
  /** Everything on stdin. */
  read(): Promise<string>;
}

/** The process's own streams. */
export function processTerminal(json: boolean): Terminal {
  const line = (stream: NodeJS.WriteStream, text: string): void => void stream.write(text.endsWith('\n') ? text : `${text}\n`);
  return {
    json,
    data: (text) => line(process.stdout, text),
    talk: (text) => line(process.stderr, text),
    show: (value, text) => line(process.stdout, json ? JSON.stringify(value, null, 2) : text()),
    async read() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}

/** Rows as columns of equal width, two spaces apart. */
export function columns(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => [...(row[index] ?? '')].length)));
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat(widths[index]! - [...cell].length))).join('  ').trimEnd()).join('\n');
}
