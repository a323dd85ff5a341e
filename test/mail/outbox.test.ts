/** Prevents mail that is lost, sent to many times over, or kept with the secret that it brought. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { createUser, createWorkspace, listMails } from '../../src/manage/index.ts';
import { type OutboxWorker, startMailWorker } from '../../src/notify/index.ts';
import { createInvitation, requestPasswordReset } from '../../src/people/index.ts';
import { type TestEngine, type TestEngineOptions, testEngine } from '../../src/testing/index.ts';
import { generateId } from '../../src/token/index.ts';
import { givePassword, signInAs, visitor } from '../people/signed-in.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { requireDatabase } from '../services/postgres.ts';
import { freePort } from '../services/postgres-cluster.ts';
import { type Instead, type MailServerOptions, startMailServer } from './mail-server.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startServer(options?: MailServerOptions) {
  const server = await startMailServer(options);
  closing.push(() => server.close());
  return server;
}

async function openHouse(options: TestEngineOptions = {}): Promise<TestEngine> {
  const house = await testEngine({ sendsMail: true, ...options });
  closing.push(() => house.close());
  return house;
}

function startWorker(house: TestEngine, port: number): { readonly logged: string[]; readonly worker: OutboxWorker } {
  const logged: string[] = [];
  const worker = startMailWorker({
    queue: house.opened.store.handle.mailQueue,
    clock: house.clock,
    smtp: { host: '127.0.0.1', port, tls: 'none', login: null, ca: null },
    pepper: house.engine.pepper,
    stationery: () => ({
      profile: house.engine.authenticator.profile.profile,
      from: { address: 'keys@example.com', name: null },
      dashboardUrl: 'https://keys.example.com',
    }),
    isSole: house.engine.store.capabilities.soleWriter,
    log: {
      warning: (message, about) => logged.push(JSON.stringify({ message, ...about })),
      fault: (error, about) => logged.push(`fault ${String(error)} ${JSON.stringify(about)}`),
    },
  });
  closing.push(() => worker.close());
  return { logged, worker };
}

async function invite(house: TestEngine, email: string): Promise<void> {
  const { id } = await house.asHost(createWorkspace, { name: 'Widgets <b>& Co</b>' });
  await house.asHost(createInvitation, { email, workspace_id: id });
}

async function mailOf(house: TestEngine, to: string) {
  const { data } = await house.asHost(listMails, {});
  return data.find((mail) => mail.to === to);
}

const untilState = (house: TestEngine, to: string, state: string) =>
  eventually(
    async () => {
      const mail = await mailOf(house, to);
      return mail?.state === state ? mail : null;
    },
    20_000,
    `the mail to ${to} is ${state}`,
  );

const untilTried = (house: TestEngine, to: string, attempts: number) =>
  eventually(
    async () => {
      const mail = await mailOf(house, to);
      const next = mail?.next_attempt_at ?? null;
      return mail?.attempts === attempts && next !== null && Date.parse(next) > house.clock.now() ? mail : null;
    },
    20_000,
    `the mail to ${to} was tried ${attempts} times`,
  );

/** What the database holds of secrets. */
function sealedIn({ folder }: TestEngine): unknown[] {
  const database = new DatabaseSync(join(folder, 'data', 'keyhouse.sqlite'), { readOnly: true });
  try {
    return database
      .prepare('select sealed from outbox')
      .all()
      .map(({ sealed }) => sealed);
  } finally {
    database.close();
  }
}

describe('the outbox', () => {
  it('row 100b: delivers an invitation once, in the words of the company, and forgets its link', async () => {
    const server = await startServer();
    const house = await openHouse();
    await invite(house, 'ada@example.com');
    expect(sealedIn(house)).toEqual([expect.stringMatching(/^1\./)]);
    const { logged } = startWorker(house, server.port);
    const { text, messageId, from } = await server.mailTo('ada@example.com');
    const sent = await untilState(house, 'ada@example.com', 'sent');
    expect({ from, messageId }).toEqual({ from: 'keys@example.com', messageId: `<${sent.id}@example.com>` });
    expect(text).toMatch(/https:\/\/keys\.example\.com\/invitation#khcl_live_\w{32}/);
    expect(text).toContain('Widgets &lt;b&gt;&amp; Co&lt;/b&gt;');
    expect(text.slice(text.indexOf('text/html'))).not.toContain('<b>');
    expect(sent).toMatchObject({ attempts: 1, last_error: null, next_attempt_at: null });
    expect({ sealed: sealedIn(house), logged, count: server.received.length }).toEqual({
      sealed: [null],
      logged: [],
      count: 1,
    });
  });

  it('tries again until a server that was down is up, each time after a longer while', async () => {
    const port = await freePort();
    const house = await openHouse();
    const { logged } = startWorker(house, port);
    await invite(house, 'late@example.com');
    const first = await untilTried(house, 'late@example.com', 1);
    expect(first).toMatchObject({ state: 'pending', attempts: 1 });
    expect(first.last_error).toMatch(/^The connection to the mail server failed/);
    house.clock.advance(10 * SECOND_MS);
    const again = await untilTried(house, 'late@example.com', 2);
    expect(Date.parse(again.next_attempt_at as string) - house.clock.now()).toBe(60 * SECOND_MS);
    const server = await startServer({ port });
    house.clock.advance(60 * SECOND_MS);
    await untilState(house, 'late@example.com', 'sent');
    expect(server.received).toHaveLength(1);
    expect(logged).toHaveLength(2);
  });

  it('gives up what a server refuses for good, and tries again what it refuses for now', async () => {
    const answers = new Map<string, Instead>([
      ['gone@example.com', { code: 550, text: '5.1.1 no gone@example.com here' }],
      ['busy@example.com', { code: 451, text: '4.3.0 try later' }],
    ]);
    const server = await startServer({ atRecipient: (address) => answers.get(address) ?? null });
    const house = await openHouse();
    startWorker(house, server.port);
    for (const email of answers.keys()) await invite(house, email);
    const gone = await untilState(house, 'gone@example.com', 'given_up');
    expect(gone.last_error).toBe('The mail server refused the recipient: 550 5.1.1 no … here');
    const busy = await untilTried(house, 'busy@example.com', 1);
    expect(busy).toMatchObject({
      state: 'pending',
      last_error: 'The mail server refused the recipient: 451 4.3.0 try later',
    });
    answers.clear();
    house.clock.advance(10 * SECOND_MS);
    await untilState(house, 'busy@example.com', 'sent');
    expect(sealedIn(house)).toEqual([null, null]);
  });

  it('keeps a mail whose connection was cut amid its text, and says of it what is in no way secret', async () => {
    const instead: Instead[] = ['cut', { code: 554, text: 'never' }];
    const server = await startServer({ atText: () => instead.shift() ?? null });
    const house = await openHouse();
    const { logged } = startWorker(house, server.port);
    await invite(house, 'cut@example.com');
    await untilTried(house, 'cut@example.com', 1);
    house.clock.advance(10 * SECOND_MS);
    const { last_error } = await untilState(house, 'cut@example.com', 'given_up');
    expect(last_error).toBe('The mail server did not take the mail: 554 never');
    expect(logged.join()).not.toMatch(/khcl|cut@/);
  });

  it('gives up after three days, and a link that has run out at once', async () => {
    const house = await openHouse();
    startWorker(house, await freePort());
    await house.asHost(createUser, { email: 'slow@example.com' });
    const ada = await house.engine.store.owners.find({ email: 'slow@example.com' });
    await givePassword(house, ada?.id as string);
    await invite(house, 'never@example.com');
    await untilTried(house, 'never@example.com', 1);
    house.clock.advance(72 * HOUR_MS);
    const given = await untilState(house, 'never@example.com', 'given_up');
    expect(given.last_error).toMatch(/^Not sent within three days\. The connection/);
    await house.as(visitor(), requestPasswordReset, { email: 'slow@example.com' });
    await untilTried(house, 'slow@example.com', 1);
    house.clock.advance(2 * HOUR_MS);
    const reset = await untilState(house, 'slow@example.com', 'given_up');
    expect(reset.last_error).toBe('Its link ran out before it could be sent.');
    expect(new Set(sealedIn(house))).toEqual(new Set([null]));
  });

  it('loses nothing at a stop amid sending, and takes no more than its room', async () => {
    const server = await startServer({ onConnect: () => {} });
    const house = await openHouse();
    const { worker } = startWorker(house, server.port);
    await invite(house, 'stopped@example.com');
    await eventually(async () => (await mailOf(house, 'stopped@example.com'))?.attempts === 1, 20_000, 'it is tried');
    await worker.close();
    expect(await mailOf(house, 'stopped@example.com')).toMatchObject({
      state: 'pending',
      last_error: 'Keyhouse was stopped meanwhile.',
    });
    const other = await startServer();
    startWorker(house, other.port);
    await other.mailTo('stopped@example.com');

    const { mailQueue } = house.opened.store.handle;
    await house.engine.store.transact(async ({ outbox }) => {
      for (let index = 0; index < 12; index++) {
        const id = generateId('mal', house.engine.random);
        const createdAt = house.clock.now() + index - 20 * HOUR_MS * 24;
        await outbox.put({
          id,
          template: 'test',
          to: `${index}@example.com`,
          locale: null,
          data: {},
          sealed: null,
          createdAt,
        });
      }
    });
    await mailQueue.trim(house.clock.now() - HOUR_MS, house.clock.now() - 30 * 24 * HOUR_MS, 5);
    const { data } = await house.asHost(listMails, {});
    expect(data.filter(({ template }) => template === 'test')).toHaveLength(data.length - 1);
    expect(data).toHaveLength(5);
  });

  it('tells a person of a sign-in in a new browser, once for each', async () => {
    const server = await startServer();
    const house = await openHouse();
    startWorker(house, server.port);
    const { id } = await house.asHost(createWorkspace, { name: 'Widgets' });
    const user = await house.asHost(createUser, {
      email: 'grace@example.com',
      memberships: [{ workspace: { id }, permissions: [] }],
    });
    await givePassword(house, user.id);
    await signInAs(house, 'grace@example.com');
    const { text } = await server.mailTo('grace@example.com');
    expect(text).toContain('Address: 192.0.2.7');
    expect(text).toContain('Subject: A new sign-in to your Keyhouse account');
  });
});

suiteNeeding('postgresql', 'the outbox on PostgreSQL', () => {
  it('is emptied by two processes, each mail by one of them', { timeout: 60_000 }, async () => {
    const database = await requireDatabase();
    closing.push(() => database.drop());
    const one = await openHouse({ databaseUrl: database.url });
    const other = await openHouse({ databaseUrl: database.url, besides: one });
    const server = await startServer();
    const count = 24;
    await one.engine.store.transact(async ({ outbox }) => {
      for (let index = 0; index < count; index++) {
        const id = generateId('mal', one.engine.random);
        const createdAt = one.clock.now();
        await outbox.put({
          id,
          template: 'test',
          to: `${index}@example.com`,
          locale: null,
          data: {},
          sealed: null,
          createdAt,
        });
      }
    });
    startWorker(one, server.port);
    startWorker(other, server.port);
    const pending = async () => (await one.asHost(listMails, { state: 'pending', limit: 100 })).data.length;
    await eventually(async () => (await pending()) === 0, 30_000, 'every mail is sent');
    expect(server.received.map(({ to }) => to).sort()).toEqual(
      Array.from({ length: count }, (_, index) => `${index}@example.com`).sort(),
    );
    const { data } = await one.asHost(listMails, { state: 'sent', limit: 100 });
    expect(data.map(({ attempts }) => attempts)).toEqual(Array(count).fill(1));
  });
});
