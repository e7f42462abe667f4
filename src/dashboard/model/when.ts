const MINUTE = 60_000;
const UNITS: readonly (readonly [name: string, ms: number])[] = [['d', 1_440 * MINUTE], ['h', 60 * MINUTE], ['min', MINUTE], ['s', 1_000]];

/** A length of time in its two largest units: `1 d 2 h`, `45 s`; below a second `at once`. */
export function lasting(ms: number): string {
  if (ms < 1_000) return 'at once';
  const first = UNITS.findIndex(([, unit]) => ms >= unit);
  const [name, unit] = UNITS[first]!;
  const whole = `${Math.floor(ms / unit)} ${name}`;
  const [next, smaller] = UNITS[first + 1] ?? ['', Infinity];
  const rest = Math.floor((ms % unit) / smaller);
  return rest > 0 ? `${whole} ${rest} ${next}` : whole;
}

/** Instants as a location reads them: `Mon 2 Mar 2026, 09:00`. An unknown zone is read as UTC. */
export function clockIn(timezone: string): (instant: string) => string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = formatIn(timezone, options);
  return (instant) => format.format(new Date(instant));
}

function formatIn(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}
