import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticates, type Verifier, verifier } from '../../client/src/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { SCENARIOS, type Scenario } from '../scenarios/decisions.ts';
import { expectTrail, type Trail } from '../scenarios/trail.ts';
import { type Application, FRAMEWORKS, type Guarded } from './applications.ts';
import { type Authority, openAuthority } from './open-authority.ts';

const PROFILE: Profile = {
  ...keyhouse,
  routes: [{ methods: ['GET'], path: '/v1/servers', permissions: ['servers:read'], environment: 'live', cost: 1 }],
};

const targetOf = ({ target }: Scenario, index: number): string => target ?? `/scenario/${index}`;
const ROUTES: readonly Guarded[] = SCENARIOS.map((scenario, index) => ({
  path: targetOf(scenario, index).split('?')[0] as string,
  options: scenario.options,
}));

let authority: Authority;
let remote: Verifier;
beforeAll(async () => {
  authority = await openAuthority(PROFILE);
  remote = verifier({ urls: [authority.url], token: authority.verifyToken, timeoutMs: 20_000 });
});
afterAll(async () => {
  remote?.close();
  await authority?.close();
});

/** The header lines of a scenario, around a token made for it. */
async function prepare({ token, revoked, lines }: Scenario) {
  // All come from one address, of which so many denials a minute are kept and no more.
  authority.house.clock.advance(60_000);
  if (token === null) return { tokenId: null, lines };
  const { id, value } = await authority.makeToken(token);
  if (revoked === true) await authority.revoke(id);
  return { tokenId: id, lines: lines.map(([name, text]) => [name, text.replace('{token}', value)] as const) };
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function expectAnswer(
  scenario: Scenario,
  answered: Answered,
  left: Pick<Trail, 'door' | 'tokenId'>,
): Promise<void> {
  const { status, body, headers } = scenario;
  expect(answered.status, JSON.stringify(answered.body)).toBe(status);
  expect(answered.body).toMatchObject(body);
  for (const [name, pattern] of Object.entries(headers))
    expect(answered.headers.get(name)).toMatch(new RegExp(pattern));
  const requestId = answered.headers.get('x-request-id');
  await expectTrail(scenario, { engine: authority.house.engine, requestId, ...left });
}

describe.each(['engine', 'verifier', 'POST /v1/tokens/verify'])('the scenarios through %s', (door) => {
  it.each(SCENARIOS.map((scenario, index) => ({ scenario, index, name: scenario.name })))('$name', async (one) => {
    const { credentials, ...options } = one.scenario.options;
    const { lines, tokenId } = await prepare(one.scenario);
    const left = { door: door === 'engine' ? ('middleware' as const) : ('verify' as const), tokenId };
    const rawHeaders = lines.flat();
    const request = { rawHeaders, method: 'GET', url: targetOf(one.scenario, one.index), ip: '127.0.0.1' };
    const doors: Record<string, Authenticates> = { engine: authority.engine, verifier: remote };
    const result = doors[door] ? await doors[door].authenticate(request, options) : await verify(request, options);
    if (result.allowed) {
      const { owner, effective_permissions: may } = result.identity;
      const headers = new Headers(result.headers);
      await expectAnswer(one.scenario, { status: 200, headers, body: { by: owner.external_id, may } }, left);
    } else if (result.foreign && credentials === 'optional') {
      expect(one.scenario.body).toMatchObject({ by: null });
    } else {
      const { status, headers, body } = result.response;
      await expectAnswer(one.scenario, { status, headers: new Headers(headers), body }, left);
    }
  });
});

/** As a door in another language asks, written by hand. */
async function verify(
  request: { rawHeaders: readonly string[]; method: string; url: string; ip: string },
  { permission, allOf = [], headers, cost, byRoute }: Guarded['options'],
) {
  const lines = request.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [[name, all[at + 1]]] : []));
  const answer = await fetch(`${authority.url}/v1/tokens/verify`, {
    method: 'POST',
    headers: { authorization: `Bearer ${authority.verifyToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      headers: lines,
      further_headers: headers ?? [],
      ip: request.ip,
      ...(byRoute === true
        ? { route: { method: request.method, target: request.url } }
        : { all_of: permission === undefined ? allOf : [permission, ...allOf], cost }),
    }),
  });
  expect(answer.status).toBe(200);
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  const verdict = (await answer.json()) as any;
  return verdict.allowed
    ? { allowed: true as const, identity: verdict.token, headers: verdict.headers }
    : { allowed: false as const, response: verdict.response, foreign: verdict.foreign === true };
}

const PLACES = Object.keys(FRAMEWORKS).flatMap((framework) =>
  ['embedded', 'remote'].map((where) => ({ framework, where })),
);

describe.each(PLACES)('$framework, $where', ({ framework, where }) => {
  let app: Application;
  let port: number;
  beforeAll(async () => {
    const open = FRAMEWORKS[framework] as (typeof FRAMEWORKS)[string];
    app = await open(where === 'remote' ? remote : authority.engine, ROUTES);
    port = Number(new URL(app.url).port);
  });
  afterAll(() => app?.close());

  it.each(SCENARIOS.map((scenario, index) => ({ scenario, index, name: scenario.name })))('$name', async (one) => {
    const prepared = await prepare(one.scenario);
    const lines = prepared.lines.map(([name, value]) => `${name}: ${value}`);
    const before = app.handled();
    const target = targetOf(one.scenario, one.index);
    const answer = await exchange(port, requestText(`GET ${target} HTTP/1.1`, lines), { answers: 1 });
    const door = where === 'remote' ? ('verify' as const) : ('middleware' as const);
    await expectAnswer(one.scenario, readAnswer(answer.text), { door, tokenId: prepared.tokenId });
    expect(app.handled() - before).toBe(one.scenario.status === 200 ? 1 : 0);
  });

  it('rows 28, 77: decides before it reads a body, and ends the connection of one that is refused', async () => {
    const lines = ['Content-Type: application/json', 'Content-Length: 1000000'];
    const answer = await exchange(port, requestText('POST /scenario/0 HTTP/1.1', lines), { answers: 1 });
    expect(answer.statuses).toEqual([401]);
  });
});

function readAnswer(text: string): Answered {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: ?(.*)/s).slice(0, 2) as [string, string]));
  const body = rest.join('\r\n\r\n');
  return {
    status: Number(first.split(' ')[1]),
    headers,
    body: JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)),
  };
}
