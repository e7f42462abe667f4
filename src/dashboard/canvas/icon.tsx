/** Strokes on a grid of 24, drawn for these pages; by the names that the API's catalogue gives. */
const STROKES: Record<string, string> = {
  'mail': 'M3 6h18v12H3zM3 7l9 7 9-7',
  'mail-open': 'M3 10l9-6 9 6v10H3zM3 11l9 6 9-6',
  'mail-plus': 'M3 6h18v12H3zM3 7l9 7 9-7M19 15v6M16 18h6',
  'message-square': 'M4 5h16v11H10l-5 4v-4H4z',
  'message-square-reply': 'M4 5h16v11H10l-5 4v-4H4zM12 8l-3 3 3 3M9 11h7',
  'phone': 'M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z',
  'phone-off': 'M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2zM15 3l6 6M21 3l-6 6',
  'user-plus': 'M3 20a6 6 0 0 1 12 0M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M19 8v6M16 11h6',
  'user-pen': 'M3 20a6 6 0 0 1 9-5M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M14 20l1-3 5-5 2 2-5 5z',
  'user-x': 'M3 20a6 6 0 0 1 12 0M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M17 9l5 5M22 9l-5 5',
  'tag': 'M3 3h9l9 9-9 9-9-9zM8 8h.01',
  'tags': 'M3 6h7l7 7-7 7-7-7zM7 10h.01M13 4l8 8-4 4',
  'webhook': 'M9 8a4 4 0 1 1 6 3l3 5M6 14a4 4 0 1 0 4 4h8M18 14a4 4 0 1 1-3 6M12 8l-4 8',
  'clock': 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l4 2',
  'split': 'M12 21v-7L5 7M5 12V7h5M12 14l7-7M14 7h5v5',
  'signpost': 'M12 3v18M5 6h12l3 3-3 3H5z',
  'flask-conical': 'M9 3h6M10 3v6l-6 11h16L14 9V3M7 15h10',
  'target': 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8',
  'variable': 'M7 4c-3 4-3 12 0 16M17 4c3 4 3 12 0 16M9 9l6 6M15 9l-6 6',
  'workflow': 'M3 3h7v7H3zM14 14h7v7h-7zM6 10v7h8',
  'circle-stop': 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 9h6v6H9z',
  'radio': 'M12 12h.01M8 16a6 6 0 0 1 0-8M16 8a6 6 0 0 1 0 8M5 19a10 10 0 0 1 0-14M19 5a10 10 0 0 1 0 14',
  'log-out': 'M10 4H4v16h6M9 12h12M17 8l4 4-4 4',
  'mouse-pointer-click': 'M10 10l4 11 2-5 5-2zM6 3v3M3 6h3M4 11l2-2M9 5l2-2',
  'zap': 'M13 2L4 14h7l-1 8 9-12h-7z',
  'calendar-clock': 'M20 10V5H4v15h6M8 3v4M16 3v4M4 10h7M17 13a4 4 0 1 0 0 8 4 4 0 0 0 0-8M17 15v2l1 1',
  'calendar-heart': 'M20 10V5H4v15h7M8 3v4M16 3v4M4 10h16M17 21l-4-4a2 2 0 0 1 4-2 2 2 0 0 1 4 2z',
  'hand': 'M7 11V6a1.5 1.5 0 0 1 3 0v4V4a1.5 1.5 0 0 1 3 0v6V5a1.5 1.5 0 0 1 3 0v6-3a1.5 1.5 0 0 1 3 0v7a6 6 0 0 1-6 6h-2c-3 0-4-2-7-7a1.5 1.5 0 0 1 3-1z',
  'flag': 'M5 21V4M5 4h13l-3 4 3 4H5',
};
/** For a kind that these pages do not know yet. */
const PLAIN = 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14';

export const Icon = ({ name }: { name: string }) => <svg className="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={STROKES[name] ?? PLAIN} /></svg>;
