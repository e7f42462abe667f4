import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStage, type Stage } from '../faults/stage.ts';
import { chromiumPath, launchChromium } from '../support/chromium.ts';
import { until } from '../support/until.ts';

/** A day is 24 seconds here. */
const DEFINITION = `name: Spring sale
description: Tells people, waits, and looks who cares.
trigger: { type: manual }
steps:
  - { id: hello, type: send_sms, config: { message: "Hi {{contact.first_name}}" } }
  - { id: pause, type: wait, config: { duration: 6h } }
  - { id: vip, type: condition, config: { if: [{ field: tags, operator: contains, value: vip }], then: thanks, else: long } }
  - { id: thanks, type: set, next: end, config: { values: { thanked: true } } }
  - { id: long, type: wait, config: { duration: 365d } }
`;

// Where nobody can install a browser, a person still runs the other tests; CI has to have one.
const canRun = chromiumPath !== null || process.env['CI'] !== undefined;

describe.skipIf(!canRun)(canRun ? 'the live pages' : 'the live pages (skipped: no Chromium here; install one or set CHROMIUM_PATH)', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;
  let workflow: string;
  /** What the page complained of; a line that was cut on purpose is no complaint. */
  const complaints: string[] = [];

  beforeAll(async () => {
    [browser, stage] = await Promise.all([launchChromium(), startStage()]);
    const made = await call<{ id: string }>('POST', '/api/workflows', DEFINITION);
    workflow = made.id;
    await call('POST', `/api/workflows/${workflow}/publish`, {});
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection/.test(message.text()) && complaints.push(message.text())));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 60_000);

  async function call<Answer>(method: string, path: string, body: unknown): Promise<Answer> {
    const yaml = typeof body === 'string';
    const headers = { authorization: `Bearer ${stage.tenants[0].key}`, 'content-type': yaml ? 'application/yaml' : 'application/json' };
    const response = await fetch(stage.apiUrl + path, { method, headers, body: yaml ? body : JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** The enrollment's id. */
  async function enroll(name: string, tags: string[] = []): Promise<string> {
    const phone = `+1555${String(1_000_000 + Math.floor(Math.random() * 8_999_999))}`;
    return (await call<{ id: string }>('POST', `/api/workflows/${workflow}/enroll`, { contact: { first_name: name, phone, tags } })).id;
  }

  const card = (step: string) => page.getByRole('button', { name: new RegExp(`^${step}\\b`) });
  const seen = (what: string, look: () => Promise<boolean>) => until(what, async () => ((await look()) ? true : null), 30_000);

  it('ask for a key, and say so when it opens nothing', async () => {
    await page.goto(`${stage.apiUrl}/`);
    await page.getByLabel('API key').fill('mr_nobody');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('alert').getByText('unknown, expired or revoked').waitFor();
  });

  it('take a key from the address, and wipe it from there', async () => {
    await page.goto('about:blank');
    await page.goto(`${stage.apiUrl}/#key=${stage.tenants[0].key}`);
    await page.getByText('● live').waitFor();
    expect(page.url()).toBe(`${stage.apiUrl}/`);
    await page.getByRole('link', { name: /Spring sale/ }).waitFor();
  });

  it('show people come in, wait and go on, without a reload', async () => {
    await page.getByRole('link', { name: /Spring sale/ }).click();
    await card('pause').waitFor();
    await Promise.all(['Ana', 'Bo', 'Chloé'].map((name) => enroll(name, ['vip'])));
    await seen('three to wait', async () => (await card('pause').textContent())?.includes('3 here') ?? false);
    await seen('all of them to be thanked', async () => (await card('thanks').textContent())?.includes('3 passed') ?? false);
    expect(await page.locator('.totals .completed dd').textContent()).toBe('3');
    expect(await page.getByText('then · 3').count()).toBe(1);
  });

  it('show dots on their way, and take them away when they have arrived', async () => {
    await enroll('Dmitri', ['vip']);
    await seen('a dot', async () => (await page.locator('.traveller').count()) > 0);
    await seen('it to be gone', async () => (await page.locator('.traveller').count()) === 0);
  });

  it('say who is at a step, and open the run of one', async () => {
    await enroll('Esther');
    await seen('her to wait for long', async () => (await card('long').textContent())?.includes('1 here') ?? false);
    await card('long').click();
    await page.getByRole('link', { name: /Esther/ }).click();
    await page.getByRole('heading', { name: 'Esther' }).waitFor();
    expect(await page.getByLabel('Timeline').getByText('no: ✗ tags contains "vip"').count()).toBe(1);
  });

  it('say when the line is lost, and miss nothing of a run meanwhile', async () => {
    const id = await enroll('Farid', ['vip']);
    await page.goto(`${stage.apiUrl}/e/${id}`);
    const steps = page.getByLabel('Timeline').getByRole('listitem');
    await seen('the wait to be shown', async () => (await steps.count()) === 2);
    stage.signal('api', 'SIGKILL');
    await page.getByText('reconnecting').waitFor();
    await page.getByText('● live').waitFor();
    await seen('his end', async () => (await page.getByText('✓ completed').count()) === 1);
    expect(await steps.getByRole('heading').allTextContents()).toEqual(['hello', 'pause', 'vip', 'thanks']);
  });

  it('end a wait, and a run, by hand', async () => {
    const id = await enroll('Grace');
    await page.goto(`${stage.apiUrl}/e/${id}`);
    const last = page.getByLabel('Timeline').getByRole('listitem').last();
    await seen('the long wait', async () => (await last.textContent())?.startsWith('long') ?? false);
    page.once('dialog', (dialog) => void dialog.accept('moved away'));
    await page.getByRole('button', { name: 'Exit …' }).click();
    await page.getByText('moved away', { exact: true }).waitFor();
    await page.getByText('↗ exited').waitFor();
    await page.goto(`${stage.apiUrl}/e/${await enroll('Hiro')}`);
    await seen('the first wait', async () => (await last.textContent())?.startsWith('pause') ?? false);
    await page.getByRole('button', { name: 'Run now' }).click();
    await seen('the next one', async () => (await last.textContent())?.startsWith('long') ?? false);
  });

  it('pause and resume a workflow, for everybody who looks', async () => {
    const other = await browser.newPage();
    await Promise.all([page, other].map((each) => each.goto(`${stage.apiUrl}/w/spring-sale#key=${stage.tenants[0].key}`)));
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await other.getByText('‖ paused').waitFor();
    await other.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('● active').waitFor();
    await other.close();
  });

  it('fit a telephone, without motion for who wants none', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    for (const path of ['/', '/w/spring-sale']) {
      await page.goto(stage.apiUrl + path);
      await page.getByText('● live').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true);
    }
    const before = await page.locator('.totals .enrolled dd').textContent();
    await enroll('Ines');
    await seen('her to be counted', async () => (await page.locator('.totals .enrolled dd').textContent()) !== before);
    expect(await page.locator('.traveller').count()).toBe(0);
  });

  it('show nothing of another location', async () => {
    const stranger = await browser.newPage();
    await stranger.goto(`${stage.apiUrl}/w/spring-sale#key=${stage.tenants[1].key}`);
    await stranger.getByText('There is no workflow “spring-sale” here.').waitFor();
    await stranger.close();
  });

  it('complained of nothing', () => expect(complaints).toEqual([]));
});
