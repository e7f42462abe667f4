import { join } from 'node:path';
import { demoSlugs, seed } from '../../prisma/seed.ts';
import { composeHouse } from '../compose.ts';
import type { Context } from '../context.ts';
import { readEnvironment } from '../environment.ts';
import { messageOf } from '../errors.ts';
import { sendIdOf } from '../ids.ts';
import type { Caller } from '../services/caller.ts';
import { addTags, createContact } from '../services/contacts.ts';
import { listEnrollments } from '../services/enrollments.ts';
import { emitEvent } from '../services/events.ts';
import { recordOpen } from '../services/tracking.ts';
import { workflowStats } from '../services/stats.ts';
import { getWorkflow } from '../services/workflows.ts';
import { stopOnSignals } from '../shutdown.ts';
import { nameSources } from '../stack-sources.ts';
import { projectRoot } from './project.ts';
import { steadily } from './steadily.ts';

/**
 * The demo as a process: seeds journeys, then plays people. New leads arrive, some open their mail, some book or buy. It goes through
 * the same services as everybody; every message ends in the outbox unless a provider is configured.
 */
const FIRST_CROWD = 60;
const ROUND_MS = 2_000;
/** How often the terminal shows where people are. */
const REPORT_MS = 10_000;
const NAMES = ['Ana', 'Bo', 'Chloé', 'Dmitri', 'Esther', 'Farid', 'Grace', 'Hiro', 'Ines', 'Jonas', 'Kemi', 'Lena'];

const GOODS = ['Lamp', 'Chair', 'Teapot', 'Blanket'];
/** Carts that are remembered: whose is older has gone elsewhere. */
const MOST_CARTS = 200;
const carts: { email: string; cartId: string; total: number; left: boolean }[] = [];

nameSources();
const house = await composeHouse(readEnvironment(), 'api', 'demo');
const { ctx } = house;
const { location } = await ctx.desk.firstLocation(ctx.environment.locationName); // the key is the API's to make and show
const who: Caller = { locationId: location.id, actor: 'demo', scopes: ['admin'] };
await seed(ctx, who, join(projectRoot(), 'examples'));
for (let n = 0; n < FIRST_CROWD; n += 1) await arrive(ctx);
const traffic = steadily(ROUND_MS, () => round(ctx));
const reports = steadily(REPORT_MS, () => report(ctx));
house.shutdown.add('demo traffic', () => Promise.all([traffic(), reports()]));
stopOnSignals(house.shutdown);
process.send?.({ ready: true });

/** One contact comes in; of those inside, some open and some reach their goal. */
async function round(context: Context): Promise<void> {
  try {
    await arrive(context);
    await shop(context);
    for (const slug of demoSlugs) await liven(context, slug);
  } catch (error) {
    context.logger.warn({ err: messageOf(error) }, 'a round of the demo failed');
  }
}

/** One line a journey: `New Lead Nurture: 39 on their way (wait_1_day 5, goal_check 16), 12 completed, 3 exited`. */
async function report(context: Context): Promise<void> {
  try {
    for (const slug of demoSlugs) {
      const { id, name } = await getWorkflow(context, who, { slug });
      const { active, completed, exited, nodes } = await workflowStats(context, who, { workflowId: id });
      const places = nodes.filter(({ waiting }) => waiting > 0).map(({ stepKey, waiting }) => `${stepKey} ${waiting}`);
      console.log(`${name}: ${active} on their way (${places.join(', ')}), ${completed} completed, ${exited} exited`);
    }
  } catch (error) {
    context.logger.warn({ err: messageOf(error) }, 'the demo could not be counted');
  }
}

async function arrive(context: Context): Promise<void> {
  const name = pickOne(NAMES);
  const serial = `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
  const tags = Math.random() < 0.6 ? ['new-lead'] : ['trial'];
  const email = `${name.normalize('NFD').replaceAll(/[^a-z]/gi, '').toLowerCase()}.${serial}@example.com`;
  const phone = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
  await createContact(context, who, { contact: { first_name: name, email, phone, tags } });
  carts.push({ email, cartId: `c-${serial}`, total: Math.round(Math.random() * 20_000) / 100, left: false });
}

/** One of those who came leaves a cart behind; some come back for theirs. */
async function shop(context: Context): Promise<void> {
  const cart = carts.find(({ left }) => !left);
  if (cart) {
    cart.left = true;
    await emitEvent(context, who, { email: cart.email, name: 'cart_abandoned', data: { cart_id: cart.cartId, total: cart.total, items: [pickOne(GOODS)] } });
  }
  const back = carts.findIndex(({ left }) => left && Math.random() < 0.01);
  const [bought] = back < 0 ? [] : carts.splice(back, 1);
  if (bought) await emitEvent(context, who, { email: bought.email, name: 'order_placed', data: { cart_id: bought.cartId, total: bought.total } });
  carts.splice(0, Math.max(0, carts.length - MOST_CARTS));
}

async function liven(context: Context, slug: string): Promise<void> {
  const workflow = await getWorkflow(context, who, { slug });
  const { items } = await listEnrollments(context, who, { workflowId: workflow.id, status: 'active', limit: 50 });
  for (const { id, contactId } of items.filter(() => Math.random() < 0.05)) {
    const act = pickOne([
      () => recordOpen(context, sendIdOf(id, 'welcome_email', 1), { userAgent: 'Demo Mail/1.0' }),
      () => addTags(context, who, { id: contactId, tags: [pickOne(['active', 'customer', 'booked-appointment'])] }),
    ]);
    await act();
  }
}

function pickOne<T>(list: T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}
