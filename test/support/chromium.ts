import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The browser that the tests of pages use: the one that CHROMIUM_PATH names, else one that is installed; null when there is none. */
export const chromiumPath: string | null = process.env['CHROMIUM_PATH'] ?? PLACES.find((path) => existsSync(path)) ?? null;

/** Without a sandbox, which root may not have, and without what a browser looks for on the internet by itself. Throws when no browser is there. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('There is no Chromium to test the live pages with. Install one (Debian: apt-get install chromium), or name one with CHROMIUM_PATH.');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: chromiumPath, args });
}
