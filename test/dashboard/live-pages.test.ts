import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitEvent } from '../../src/services/events.ts';
import { retryStep } from '../../src/services/run-operations.ts';
import { createWorkflow } from '../../src/services/workflows.ts';
import { askApi } from '../faults/api.ts';
import { startStage, type Stage } from '../faults/stage.ts';
import { chromiumPath, launchChromium } from '../support/chromium.ts';
import { until } from '../support/until.ts';

/** The first wait ends when a test says so. */
const DEFINITION = `name: Spring sale
description: Tells people, waits, and looks who cares.
trigger: { type: manual }
steps:
  - { id: hello, type: send_sms, config: { message: "Hi {{contact.first_name}}" } }
  - { id: pause, type: wait, config: { for: { event: go_on }, timeout: 365d } }
  - { id: vip, type: condition, config: { if: [{ field: tags, operator: contains, value: vip }], then: thanks, else: long } }
  - { id: thanks, type: set, next: end, config: { values: { thanked: true } } }
  - { id: long, type: wait, config: { duration: 365d } }
`;

// Where nobody can install a browser, a person still runs the other tests; CI has to have one.
const canRun = chromiumPath !== null || process.env['CI'] !== undefined;

describe.skipIf(!canRun)('the live pages (skipped where there is no Chromium: install one, or set CHROMIUM_PATH)', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;
  let workflow: string;
  /** What the page complained of; a line that was cut on purpose is no complaint. */
  const complaints: string[] = [];

  beforeAll(async () => {
    [browser, stage] = await Promise.all([launchChromium(), startStage()]);
    workflow = await publish(DEFINITION);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection/.test(message.text()) && complaints.push(message.text())));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 60_000);

  async function post(path: string, body: object): Promise<string> {
    const { status, body: answer } = await askApi(stage, 'POST', path, body);
    if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(answer)}`);
    return String(answer['id']);
  }

  /** A published workflow's id. */
  async function publish(text: string): Promise<string> {
    const { workflow: made } = await createWorkflow(stage.house.ctx, stage.tenants[0].who, { source: { format: 'yaml', text } });
    return post(`/api/workflows/${made.id}/publish`, {});
  }

  const emailOf = (name: string): string => `${name.toLowerCase()}@example.com`;
  /** The enrollment's id. */
  const enroll = (name: string, tags: string[] = [], into = workflow): Promise<string> =>
    post(`/api/workflows/${into}/enroll`, { contact: { first_name: name, email: emailOf(name), phone: '+15005550009', tags } });
  const AT_PAUSE = "SELECT 1 FROM workflow_enrollments e JOIN contacts c ON c.id = e.contact_id WHERE c.email = $1 AND e.current_step = 'pause'";
  /** Ends the first wait once it has begun, API or not. */
  async function goOn(name: string): Promise<void> {
    await until(`${name} to wait`, async () => (await stage.ask(AT_PAUSE, [emailOf(name)])).length > 0);
    await emitEvent(stage.house.ctx, stage.tenants[0].who, { email: emailOf(name), name: 'go_on' });
  }

  /** Another tab, with a key. */
  async function visitor(key: string): Promise<Page> {
    const tab = await browser.newPage();
    await tab.addInitScript(`sessionStorage.setItem('millrace.api-key', ${JSON.stringify(key)})`);
    return tab;
  }

  const card = (step: string) => page.getByRole('button', { name: new RegExp(`^${step}\\b`) });
  /** What it says once that matches. */
  const reads = (what: Locator, pattern: RegExp) => until(`${String(what)} to read ${String(pattern)}`, async () => pattern.exec((await what.textContent({ timeout: 5_000 })) ?? '')?.[0]);
  /** True once there are as many of it. */
  const shows = (what: Locator, times = 1) => until(`${times} times ${String(what)}`, async () => (await what.count()) === times);
  const last = () => page.getByLabel('Timeline').getByRole('listitem').last();

  it('ask for a key, and say so when it opens nothing', async () => {
    await page.goto(`${stage.apiUrl}/`);
    await page.getByLabel('API key').fill('mr_nobody');
    await page.getByRole('button', { name: 'Open' }).click();
    expect(await shows(page.getByRole('alert').getByText('unknown, expired or revoked'))).toBe(true);
  });

  it('take the same key once more, and another', async () => {
    await page.getByRole('button', { name: 'Open' }).click();
    expect(await shows(page.getByRole('alert').getByText('unknown, expired or revoked'))).toBe(true);
    await page.getByLabel('API key').fill(stage.tenants[0].key);
    await page.getByRole('button', { name: 'Open' }).click();
    expect(await shows(page.getByRole('link', { name: /Spring sale/ }))).toBe(true);
    expect(await shows(page.getByText('● live'))).toBe(true);
  });

  it('say why an address with an invitation opens nothing', async () => {
    const guest = await browser.newPage();
    await guest.goto(`${stage.apiUrl}/#open=used-before`);
    expect(await shows(guest.getByRole('alert').getByText('This address was opened before'))).toBe(true);
    expect(guest.url()).toBe(`${stage.apiUrl}/`);
    await guest.close();
  });

  it('show people come in, wait and go on, without a reload', async () => {
    await page.getByRole('link', { name: /Spring sale/ }).click();
    await card('pause').waitFor();
    const people = ['Ana', 'Bo', 'Clara'];
    await Promise.all(people.map((name) => enroll(name, ['vip'])));
    expect(await reads(card('pause'), /3 here/)).toBe('3 here');
    await Promise.all(people.map(goOn));
    expect(await reads(card('thanks'), /3 passed/)).toBe('3 passed');
    expect(await page.locator('.totals .completed dd').textContent()).toBe('3');
    expect(await page.getByText('then · 3').count()).toBe(1);
    expect(await page.locator('.react-flow__edge-path').first().getAttribute('d'), 'from the bottom of the trigger to the top of the first step').toBe('M118.5 67L118.5 140');
  });

  it('show dots on their way, and take them away when they have arrived', async () => {
    await enroll('Dmitri', ['vip']);
    await goOn('Dmitri');
    await page.locator('.traveller').first().waitFor();
    expect(await shows(page.locator('.traveller'), 0)).toBe(true);
  });

  it('say who is at a step, and open the run of one', async () => {
    await enroll('Esther');
    await goOn('Esther');
    expect(await reads(card('long'), /1 here/)).toBe('1 here');
    await card('long').click();
    await page.getByRole('link', { name: /Esther/ }).click();
    await page.getByRole('heading', { name: 'Esther' }).waitFor();
    expect(await page.getByLabel('Timeline').getByText('no: ✗ tags contains "vip"').count()).toBe(1);
  });

  it('count what it came to', async () => {
    await page.goto(`${stage.apiUrl}/w/spring-sale`);
    await page.getByRole('link', { name: 'Numbers' }).click();
    expect(await reads(page.getByRole('row', { name: /^pause/ }), /pause.*/)).toMatch(/^pause5/);
    expect(page.url()).toContain('?view=numbers');
  });

  it('say when a server is there and does not answer', async () => {
    stage.signal('api', 'SIGSTOP');
    expect(await shows(page.getByText('reconnecting'))).toBe(true);
    stage.signal('api', 'SIGCONT');
    expect(await shows(page.getByText('● live'))).toBe(true);
  });

  it('say when the line is lost, and miss nothing of a run meanwhile', async () => {
    const id = await enroll('Farid', ['vip']);
    await page.goto(`${stage.apiUrl}/e/${id}`);
    const steps = page.getByLabel('Timeline').getByRole('listitem');
    expect(await shows(steps, 2)).toBe(true);
    stage.signal('api', 'SIGKILL');
    expect(await shows(page.getByText('reconnecting'))).toBe(true);
    await goOn('Farid');
    expect(await shows(page.getByText('● live'))).toBe(true);
    expect(await shows(page.getByText('✓ completed'))).toBe(true);
    expect(await steps.getByRole('heading').allTextContents()).toEqual(['hello', 'pause', 'vip', 'thanks']);
  });

  it('end a wait, and a run, by hand', async () => {
    await page.goto(`${stage.apiUrl}/e/${await enroll('Grace')}`);
    await goOn('Grace');
    expect(await reads(last(), /^long/)).toBe('long');
    page.once('dialog', (dialog) => void dialog.accept('moved away'));
    await page.getByRole('button', { name: 'Exit …' }).click();
    expect(await shows(page.getByText('moved away', { exact: true }))).toBe(true);
    expect(await shows(page.getByText('↗ exited'))).toBe(true);
    await page.goto(`${stage.apiUrl}/e/${await enroll('Hiro')}`);
    expect(await reads(last(), /^pause/)).toBe('pause');
    await page.getByRole('button', { name: 'Run now' }).click();
    expect(await reads(last(), /^long/)).toBe('long');
  });

  it('retry a step that failed, whoever does it, and go on with what comes of it', async () => {
    stage.webhooks.script = () => ({ status: 500 });
    const calling = `name: Calls\ntrigger: { type: manual }\nsteps:\n  - { id: ring, type: webhook, config: { url: "${stage.webhooks.url}/in" }, retry: { attempts: 1 } }\n`;
    const run = await enroll('Jonas', [], await publish(calling));
    await page.goto(`${stage.apiUrl}/e/${run}`);
    expect(await shows(page.locator('.badge.bad'), 2)).toBe(true);
    const steps = page.getByLabel('Timeline').getByRole('heading');
    await page.getByRole('button', { name: 'Retry the step' }).click();
    expect(await shows(steps, 2)).toBe(true);
    expect(await shows(page.locator('.badge.bad'), 3)).toBe(true);
    stage.webhooks.script = () => ({ status: 200 });
    await retryStep(stage.house.ctx, stage.tenants[0].who, { id: run });
    expect(await shows(page.getByText('✓ completed'))).toBe(true);
    expect(await steps.allTextContents()).toEqual(['ring', 'ring, visit 2', 'ring, visit 3']);
  });

  it('pause and resume a workflow, for everybody who looks', async () => {
    const other = await visitor(stage.tenants[0].key);
    await Promise.all([page, other].map((each) => each.goto(`${stage.apiUrl}/w/spring-sale`)));
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    expect(await shows(other.getByText('‖ paused'))).toBe(true);
    await other.getByRole('button', { name: 'Resume' }).click();
    expect(await shows(page.getByText('● active'))).toBe(true);
    await other.close();
  });

  it('change a definition, with its findings by line, and lose nothing of two who do', async () => {
    const other = await visitor(stage.tenants[0].key);
    await Promise.all([page, other].map((each) => each.goto(`${stage.apiUrl}/w/spring-sale?view=definition`)));
    const text = page.getByLabel('Definition');
    await text.fill(DEFINITION.replace('then: thanks', 'then: thank'));
    expect(await shows(page.getByLabel('Findings').getByText('unknown_target'))).toBe(true);
    expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'line 7' }).click();
    expect(await page.evaluate('getSelection().toString()')).toContain('id: vip');

    await other.getByLabel('Definition').fill(DEFINITION.replace('Spring sale', 'Summer sale'));
    await other.getByRole('button', { name: 'Save draft' }).click();
    expect(await shows(page.getByText('Somebody else has changed this definition'))).toBe(true);
    expect(await text.inputValue()).toContain('then: thank,');
    await page.getByRole('button', { name: 'Take theirs' }).click();
    expect(await text.inputValue()).toContain('Summer sale');
    await page.getByRole('button', { name: 'Publish' }).click();
    expect(await shows(other.getByText('✓ published'))).toBe(true);
    expect(await shows(other.getByRole('heading', { name: 'Summer sale' }))).toBe(true);
    await other.close();
  });

  it('fit a telephone, without motion for who wants none', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    for (const path of ['/', '/w/spring-sale']) {
      await page.goto(stage.apiUrl + path);
      await page.getByText('● live').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    }
    const before = Number(await page.locator('.totals .enrolled dd').textContent());
    await enroll('Ines');
    expect(await reads(page.locator('.totals .enrolled dd'), new RegExp(`^${before + 1}$`))).toBe(String(before + 1));
    expect(await page.locator('.traveller').count()).toBe(0);
  });

  it('show nothing of another location', async () => {
    const stranger = await visitor(stage.tenants[1].key);
    await stranger.goto(`${stage.apiUrl}/w/spring-sale`);
    expect(await shows(stranger.getByText('There is no workflow “spring-sale” here.'))).toBe(true);
    await stranger.close();
  });

  it('complained of nothing', () => expect(complaints).toEqual([]));
});
