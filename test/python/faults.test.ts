import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCaller, perform, revokeToken } from '../../src/manage/index.ts';
import { type ChaosProxy, startChaosProxy } from '../services/chaos-proxy.ts';
import { eventually, within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type PythonApp, type ServedHouse, serveHouse, startPythonApp } from './application.ts';

/** One that asks in its own thread and one that asks from an event loop. */
const KINDS = ['flask/', 'fastapi/'];
const TIMEOUT_SECONDS = 1;

type Garbage = (response: ServerResponse) => void;
const verdict = { allowed: true, code: 'ok', request_id: 'req_x', headers: {}, rate_limit: null };
const json =
  (value: unknown, status = 200): Garbage =>
  (response) =>
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));

/** What another server, a broken one or a hostile one may answer. */
const GARBAGE: Readonly<Record<string, Garbage>> = {
  'a page': (response) => response.end('<html>welcome</html>'),
  'an empty body': (response) => response.end(),
  'an empty object': json({}),
  'a list': json([{ allowed: true }]),
  'true alone': json(true),
  'allowed and nothing else': json({ allowed: true, code: 'ok' }),
  'allowed as a text': json({ ...verdict, allowed: 'true' }),
  'allowed with the id alone': json({ ...verdict, token: { id: 'tok_x' } }),
  'a refusal without an answer to send': json({ allowed: false, code: 'invalid_token', request_id: 'req_x' }),
  'a refusal that says 200': json({
    ...{ allowed: false, code: 'invalid_token', request_id: 'req_x' },
    response: { status: 200, headers: {}, body: {} },
  }),
  'a header that breaks the line': json({
    ...{ allowed: false, code: 'invalid_token', request_id: 'req_x' },
    response: { status: 401, headers: { 'X-A': 'a\r\nX-Evil: 1' }, body: {} },
  }),
  'nesting without end': (response) => response.end('['.repeat(100_000)),
  'too much': (response) => response.end(Buffer.alloc(2 * 1024 * 1024, 0x20)),
  'half an answer': (response) => {
    response.writeHead(200, { 'Content-Length': 1000 }).write('{"allowed":');
    response.destroy();
  },
  'a redirect': (response) => response.writeHead(307, { Location: '/elsewhere' }).end(),
  'an error': json({ code: 'internal' }, 500),
  'a refusal of the verifier itself': json({ code: 'invalid_token' }, 401),
  'one byte at a time': (response) => {
    response.writeHead(200, { 'Content-Length': 1000 });
    const drip = setInterval(() => response.write('['), 50);
    response.on('close', () => clearInterval(drip));
  },
};

suiteNeeding('python-frameworks', 'Python applications whose Keyhouse is out of reach', () => {
  let served: ServedHouse;
  let relay: ChaosProxy;
  let hostile: Server;
  let answerOf: Garbage = GARBAGE['a page'] as Garbage;
  let reader: string;
  const apps = new Map<string, PythonApp>();
  beforeAll(async () => {
    served = await serveHouse();
    relay = await startChaosProxy({ host: '127.0.0.1', port: served.port });
    hostile = createServer((request, response) => request.resume().on('end', () => answerOf(response)));
    await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
    reader = (await served.house.mint({ limits: 'unlimited' })).value;
    const through = `http://127.0.0.1:${relay.port}`;
    const other = `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`;
    const started = KINDS.flatMap((kind) => [
      startPythonApp(kind, through, served.verifier, TIMEOUT_SECONDS).then((app) => apps.set(`${kind} one`, app)),
      startPythonApp(kind, other, served.verifier, TIMEOUT_SECONDS).then((app) => apps.set(`${kind} hostile`, app)),
      startPythonApp(kind, `${other},${through}`, served.verifier, 20).then((app) => apps.set(`${kind} two`, app)),
    ]);
    await Promise.all(started);
  });
  afterAll(async () => {
    for (const app of apps.values()) await app.stop();
    hostile?.closeAllConnections();
    hostile?.close();
    await relay?.close();
    await served?.close();
  });

  describe.each(KINDS)('%s', (kind) => {
    const appOf = (what: string): PythonApp => apps.get(`${kind} ${what}`) as PythonApp;
    const ask = (app: PythonApp, target = '/v1/servers') =>
      within(app.ask(target, reader), 10_000, 'an answer although Keyhouse gives none');

    it.each<[string, () => void]>([
      ['is gone', () => relay.refuse()],
      ['answers nothing', () => relay.stall('answers')],
      ['hears nothing', () => relay.stall('requests')],
      ['ends in the middle of an answer', () => relay.cutAnswerAfter(20)],
    ])('row 75: run no view while Keyhouse %s, answer 503, and recover without a restart', async (_what, breaks) => {
      const app = appOf('one');
      await eventually(async () => (await ask(app)).status === 200, 15_000, 'the application works');
      const before = await app.views(reader);
      breaks();
      const { status, json: body, headers } = await ask(app, '/v1/optional');
      relay.heal();
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'authority_unavailable' });
      expect(headers).toMatchObject({
        'retry-after': '5',
        'x-request-id': body.request_id,
        'cache-control': 'no-store',
      });
      await eventually(async () => (await ask(app)).status === 200, 15_000, 'the application works again');
      const after = (await app.views(reader)).filter((target) => target.includes('optional'));
      expect(after).toEqual(before.filter((target) => target.includes('optional')));
    });

    it('take nothing for an accept that is not exactly one', async () => {
      for (const [what, garbage] of Object.entries(GARBAGE)) {
        answerOf = garbage;
        expect((await ask(appOf('hostile'))).json, what).toMatchObject({ code: 'authority_unavailable' });
      }
      const written = await appOf('hostile').written(/gave no verdict/);
      expect(written).not.toContain('view ran');
      for (const value of [reader, served.verifier]) expect(written).not.toContain(value);
    });

    it('ask the next Keyhouse when the first gives no verdict', async () => {
      answerOf = GARBAGE['an error'] as Garbage;
      for (let at = 0; at < 5; at++) expect((await ask(appOf('two'))).status).toBe(200);
    });

    it('give every one of many requests at once the identity of its own token', async () => {
      const { house } = served;
      const tokens: string[] = [];
      for (const name of ['one', 'two', 'three', 'four']) {
        tokens.push(
          (
            await house.mint({
              name,
              permissions: name === 'two' ? ['servers:read', 'servers:write'] : ['servers:read'],
              limits: 'unlimited',
            })
          ).value,
        );
      }
      const asked = Array.from({ length: 60 }, (_, at) => ({ at, token: tokens[at % 4] as string }));
      const answers = await Promise.all(asked.map(({ token }) => appOf('two').ask('/v1/servers', token)));
      for (const { at } of asked) expect(answers[at]?.json).toEqual({ owner: 'user-42', can: at % 4 === 1 });
    });
  });

  it('say in their log, and to nobody else, that their own token is refused', async () => {
    const { house } = served;
    const own = await house.mint({ permissions: ['keyhouse-tokens:verify'] });
    const app = await startPythonApp('flask/', `http://127.0.0.1:${served.port}`, own.value);
    try {
      expect((await app.ask('/v1/servers', reader)).status).toBe(200);
      const host = localCaller('host', { ip: null, requestId: 'req_host', idempotencyKey: null });
      await perform(revokeToken, house.engine, host, { id: own.id });
      expect((await app.ask('/v1/servers', reader)).json).toMatchObject({ code: 'authority_unavailable' });
      expect(await app.written(/does not answer this verifier: status 401/)).not.toContain(own.value);
    } finally {
      await app.stop();
    }
  });
});
