import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Decision, denialOrigin, denialRecord, type Question } from '../authenticate/index.ts';
import { listAlerts, revokeToken, rotateToken } from '../manage/index.ts';
import { becomeAdmin, externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { killedAt } from '../testing/killed-at.ts';
import { takeMails } from '../testing/mailed.ts';
import { generateId } from '../token/index.ts';
import { raiseAlerts } from './index.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const HOME = '198.51.100.7';

let house: TestEngine;
beforeEach(async () => {
  house = await testEngine({ sendsMail: true });
  await becomeAdmin(house);
  await takeMails(house);
});
afterEach(() => house.close());

const token = (externalId = 'ada') =>
  externalToken(house, {
    externalId,
    workspace: 'org-7',
    may: ['servers:read'],
    token: { notification_email: `${externalId}@example.com`, permissions: ['servers:read'] },
  });

/** Uses it so often from there. */
async function use(value: string, ip: string, times = 1): Promise<void> {
  for (let time = 0; time < times; time++) await refuse({ credential: { found: 'text', text: value }, ip });
}

async function refuse(question: Partial<Question>) {
  const asked: Question = {
    credential: { found: 'none' },
    environments: ['live'],
    ip: null,
    allOf: [],
    anyOf: [],
    cost: 1,
    ...question,
  };
  const decision = await house.engine.authenticator.decide(asked);
  noted(asked, decision);
}

/** As a door does that refuses. */
function noted(question: Question, decision: Decision) {
  if (decision.allowed) return;
  house.engine.denials.record(denialOrigin(decision, question), () =>
    denialRecord({
      requestId: generateId('req', house.engine.random),
      at: house.clock.now(),
      door: 'api',
      method: 'GET',
      target: '/v1/servers',
      addressFrom: 'connection',
      catalogue: null,
      question,
      decision,
    }),
  );
}

async function look() {
  await house.engine.usage.flush();
  await house.engine.denials.flush();
  await house.runJob(raiseAlerts);
  const { data } = await house.asHost(listAlerts, { limit: 100 });
  return data.map(({ kind, count, networks }) => [kind, count, networks]);
}

/** A token that is at home somewhere. */
async function settled(externalId = 'ada') {
  const made = await token(externalId);
  await use(made.value, HOME, 21);
  await look();
  house.clock.advance(7 * DAY_MS);
  return made;
}

describe('a new network', () => {
  it('D17: is learned in silence while a token is new, by days and by uses', async () => {
    const { value } = await token();
    await use(value, HOME, 21);
    expect(await look()).toEqual([]);
    house.clock.advance(7 * DAY_MS - 1);
    await use(value, '203.0.113.1');
    expect(await look()).toEqual([]);
    house.clock.advance(1);
    await use(value, '203.0.113.200');
    expect(await look()).toEqual([]);
    await use(value, '192.0.2.1');
    expect(await look()).toEqual([['new_network', 1, ['192.0.2.0/24']]]);
    const seldom = await token('bob');
    await use(seldom.value, HOME);
    house.clock.advance(30 * DAY_MS);
    await use(seldom.value, '192.0.2.1');
    expect(await look()).toHaveLength(1);
  });

  it('raises one alert a day for all networks of that day, and is mailed once to whom it concerns', async () => {
    const { token: made, value } = await settled();
    await use(value, '192.0.2.1');
    expect(await look()).toEqual([['new_network', 1, ['192.0.2.0/24']]]);
    await use(value, '192.0.2.99');
    await use(value, '203.0.113.1');
    expect(await look()).toEqual([['new_network', 2, ['192.0.2.0/24', '203.0.113.0/24']]]);
    expect(await look()).toHaveLength(1);
    const mails = (await takeMails(house)).toSorted((one, other) => (one.to < other.to ? -1 : 1));
    expect(mails.map(({ template, to }) => [template, to])).toEqual([
      ['alert', 'ada@example.com'],
      ['alert', 'grace@provider.example'],
    ]);
    expect(mails[0]?.data).toMatchObject({ kind: 'new_network', name: 'for ada', network: '192.0.2.0/24' });
    house.clock.advance(DAY_MS);
    await use(value, '2001:db8:1:2::7');
    expect((await look())[0]).toEqual(['new_network', 1, ['2001:db8:1:2::/64']]);
    const { data } = await house.asHost(listAlerts, { token_id: made.id });
    expect(data).toHaveLength(2);
  });

  it('is no news to a successor, whose predecessor was at home there', async () => {
    const { value } = await settled();
    const { new_key } = await house.asBearer(value, rotateToken, { id: 'current' }, { ip: HOME });
    await use(new_key.value as string, HOME);
    expect(await look()).toEqual([]);
    await use(new_key.value as string, '192.0.2.1');
    expect(await look()).toEqual([['new_network', 1, ['192.0.2.0/24']]]);
  });

  it('row 74: says nothing of a token that is at home in as many networks as are remembered', async () => {
    const { token: made, value } = await token();
    for (let network = 0; network < 40; network++) await use(value, `10.0.${network}.1`);
    await look();
    house.clock.advance(8 * DAY_MS);
    await use(value, '192.0.2.1');
    for (let network = 100; network < 140; network++) await use(value, `10.0.${network}.1`);
    expect(await look()).toEqual([]);
    const { networks } = house.opened.upkeep.sightings;
    expect((await networks.of([made.id])).length).toBeLessThanOrEqual(40);
  });
});

describe('refusals', () => {
  it('are a burst when there are too many of one token in an hour; those because of a limit count for nothing', async () => {
    const { value } = await token();
    const refuse = (times: number) =>
      Promise.all(Array.from({ length: times }, () => house.verdict(value, ['servers:write'], { ip: HOME })));
    await refuse(99);
    house.clock.advance(HOUR_MS);
    await refuse(99);
    expect(await look()).toEqual([]);
    await refuse(1);
    expect(await look()).toEqual([['denial_burst', 199, []]]);
    house.clock.advance(HOUR_MS);
    await refuse(150);
    expect(await look()).toEqual([['denial_burst', 349, []]]);
    expect((await takeMails(house)).map(({ template }) => template)).toEqual(['alert', 'alert']);
    expect(house.opened.upkeep.alertsRaised).toEqual(new Map([['denial_burst', 1]]));
  });

  it('of a revoked or replaced token alert once a day, with where they came from', async () => {
    const { token: made, value } = await settled();
    await house.asHost(revokeToken, { id: made.id });
    expect(await look()).toEqual([]);
    await use(value, '192.0.2.1', 3);
    expect(await look()).toEqual([['used_after_end', 3, ['192.0.2.0/24']]]);
    await use(value, '192.0.2.2');
    expect(await look()).toEqual([['used_after_end', 4, ['192.0.2.0/24']]]);
    expect(await takeMails(house)).toHaveLength(2);
    house.clock.advance(DAY_MS);
    await use(value, HOME, 200);
    const raised = await look();
    expect(raised.map(([kind]) => kind)).toEqual(['used_after_end', 'used_after_end']);
    const bob = await settled('bob');
    await house.asBearer(bob.value, rotateToken, { id: 'current', grace_period: '1h' }, { ip: HOME });
    await use(bob.value, HOME);
    expect(await look()).toHaveLength(2);
    house.clock.advance(HOUR_MS);
    await use(bob.value, HOME);
    expect((await look())[0]).toEqual(['used_after_end', 1, ['198.51.100.0/24']]);
  });

  it('because of a limit are no burst', async () => {
    const { value } = await externalToken(house, {
      externalId: 'eve',
      workspace: 'org-7',
      may: [],
      token: { limits: [{ name: 'hour', limit: 1, seconds: 3600 }] },
    });
    await use(value, HOME, 500);
    expect(await look()).toEqual([]);
  });

  it('row 71: of texts that are no token alert about their network, however many are kept; none without a token', async () => {
    const { value } = await token();
    const guess = (ip: string) => {
      const last = value.at(-1) === 'a' ? 'b' : 'a';
      const question = { ip, allOf: [], anyOf: [], environments: ['live'], cost: 1 } as const;
      const credential = { found: 'text', text: value.slice(0, -1) + last } as const;
      return refuse({ ...question, credential });
    };
    for (let count = 0; count < 99; count++) await guess(`203.0.113.${count}`);
    for (let count = 0; count < 200; count++) await refuse({ credential: { found: 'none' }, ip: '192.0.2.1' });
    expect(await look()).toEqual([]);
    await guess('203.0.113.200');
    expect(await look()).toEqual([['failures_from_address', 100, ['203.0.113.0/24']]]);
    // Many more than denials are kept of.
    for (let count = 0; count < 5_000; count++) await guess('203.0.113.9');
    expect(await look()).toEqual([['failures_from_address', 5_100, ['203.0.113.0/24']]]);
    expect(await house.verdict(value, [], { ip: '203.0.113.9' })).toBe('ok');
    expect((await takeMails(house)).map(({ to }) => to)).toEqual(['grace@provider.example']);
  });

  it('row 3: of a token in an address alert about the network that sent it, and name no token', async () => {
    await refuse({ credential: { found: 'in_url' }, ip: HOME });
    expect(await look()).toEqual([['token_in_url', 1, ['198.51.100.0/24']]]);
    const [mail] = await takeMails(house);
    expect(mail?.data).toEqual({
      kind: 'token_in_url',
      at: expect.any(String),
      count: '1',
      network: '198.51.100.0/24',
    });
  });

  it('row 74: are counted for a bounded number of networks, and a flood of alerts is mailed ten times an hour', async () => {
    for (let network = 0; network < 1_500; network++) {
      await refuse({ credential: { found: 'in_url' }, ip: `10.${network >> 8}.${network & 255}.1` });
    }
    const { failures } = house.opened.upkeep.sightings;
    await house.engine.denials.flush();
    const asked = { fromHour: 0, countMin: 1, limit: 10_000 };
    const counted = await failures.bursts('token_in_url', asked);
    expect(counted).toHaveLength(1_001);
    expect(counted.find(({ network }) => network === '')?.count).toBe(500);
    await look();
    const mails = await takeMails(house);
    expect(mails).toHaveLength(10);
    expect(mails.filter(({ data }) => data.is_last === 'yes')).toHaveLength(1);
  });
});

describe('row 61: a token that rotates itself', () => {
  it('from where it was never used alerts, and not from where it is at home or while it is new', async () => {
    await look();
    const fresh = await token('fresh');
    await house.asBearer(fresh.value, rotateToken, { id: 'current' }, { ip: '192.0.2.1' });
    const calm = await settled('calm');
    await house.asBearer(calm.value, rotateToken, { id: 'current' }, { ip: '198.51.100.99' });
    expect(await look()).toEqual([]);
    const stolen = await settled('stolen');
    await house.asBearer(stolen.value, rotateToken, { id: 'current' }, { ip: '192.0.2.1' });
    const kinds = (await look()).map(([kind, count, networks]) => [kind, count, networks]);
    expect(kinds.toSorted()).toEqual([
      ['new_network', 1, ['192.0.2.0/24']],
      ['rotated_from_new_address', 1, ['192.0.2.0/24']],
    ]);
    // By a person, wherever that is.
    const by = await settled('by-hand');
    await house.asHost(rotateToken, { id: by.token.id }, { ip: '203.0.113.1' });
    expect(await look()).toHaveLength(2);
  });
});

describe('a process that is killed', () => {
  it('between any two calls of a look loses no alert and no mail, and doubles none', async () => {
    await look();
    let isKilled = true;
    let step = 0;
    for (; isKilled; step++) {
      const { value } = await settled(`owner-${step}`);
      await takeMails(house);
      await use(value, '192.0.2.1');
      await house.engine.usage.flush();
      isKilled = await killedAt(house, step, () => house.runJob(raiseAlerts));
      const after = await look();
      expect([step, after]).toEqual([step, [['new_network', 1, ['192.0.2.0/24']]]]);
      const told = (await takeMails(house)).map(({ to }) => to);
      expect([step, told.toSorted()]).toEqual([step, ['grace@provider.example', `owner-${step}@example.com`]]);
      await house.engine.store.transact(({ alerts }) => alerts.trim(house.clock.now() + 1, 0));
    }
    expect(step).toBeGreaterThan(10);
  });
});
