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

/** Instants as somebody reads them, and where. */
export interface ZoneClock {
  /** `Mon, 2 Mar 2026, 09:00`. */
  read(instant: string): string;
  zone: string;
}

/** A zone's clock; that of an unknown zone is UTC's. */
export function clockIn(timezone: string): ZoneClock {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = formatIn(timezone, options);
  return { read: (instant) => format.format(new Date(instant)), zone: format.resolvedOptions().timeZone };
}

function formatIn(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}

/** An instant as the house's own clock says it. */
export const inUtc = clockIn('UTC').read;
