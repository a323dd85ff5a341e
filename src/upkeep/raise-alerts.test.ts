import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAlerts, revokeToken, rotateToken } from '../manage/index.ts';
import { becomeAdmin, externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { takeMails } from '../testing/mailed.ts';
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
  for (let time = 0; time < times; time++) await house.decide(value, { ip });
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
  it('is learned in silence while a token is new, by days and by uses', async () => {
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
    const mails = await takeMails(house);
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
});
