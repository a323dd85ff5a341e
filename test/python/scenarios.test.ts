import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCaller, perform, revokeToken } from '../../src/manage/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { SCENARIOS, type Scenario } from '../scenarios/decisions.ts';
import { expectTrail } from '../scenarios/trail.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type PythonApp, type ServedHouse, serveHouse, startPythonApp } from './application.ts';

const KINDS = ['scenarios/flask', 'scenarios/django', 'scenarios/async', 'scenarios/fastapi'];

const targetOf = ({ target }: Scenario, index: number): string => target ?? `/scenario/${index}`;

suiteNeeding('python-frameworks', 'the scenarios of every door through Python applications', () => {
  let served: ServedHouse;
  const apps = new Map<string, PythonApp>();
  beforeAll(async () => {
    served = await serveHouse();
    const routes = SCENARIOS.map((one, at) => ({ path: targetOf(one, at).split('?')[0], options: one.options }));
    const url = `http://127.0.0.1:${served.port}`;
    const env = { ROUTES: JSON.stringify(routes) };
    const started = await Promise.all(KINDS.map((kind) => startPythonApp(kind, url, served.verifier, 20, env)));
    for (const app of started) apps.set(app.kind, app);
  });
  afterAll(async () => {
    for (const app of apps.values()) await app.stop();
    await served?.close();
  });

  describe.each(KINDS)('%s', (kind) => {
    it.each(SCENARIOS.map((scenario, index) => ({ scenario, index, name: scenario.name })))('$name', async (one) => {
      const { scenario, index } = one;
      const { port } = apps.get(kind) as PythonApp;
      const { house } = served;
      const made = scenario.token === null ? null : await house.mint(scenario.token);
      if (made !== null && scenario.revoked === true) {
        const host = localCaller('host', { ip: null, requestId: 'req_host', idempotencyKey: null });
        await perform(revokeToken, house.engine, host, { id: made.id });
      }
      const lines = scenario.lines.map(([name, value]) => `${name}: ${value.replace('{token}', made?.value ?? '')}`);
      const asked = requestText(`GET ${targetOf(scenario, index)} HTTP/1.1`, ['Connection: close', ...lines]);
      const [head = '', body = ''] = (await exchange(port, asked)).text.split('\r\n\r\n');
      const [first = '', ...fields] = head.split('\r\n');
      const headers = new Headers(fields.map((line) => line.split(/: ?(.*)/s).slice(0, 2) as [string, string]));
      expect(Number(first.split(' ')[1]), body).toBe(scenario.status);
      // An answer of an asynchronous view may come in pieces.
      const json = body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1);
      expect(JSON.parse(json)).toMatchObject(scenario.body);
      for (const [name, pattern] of Object.entries(scenario.headers)) {
        expect(headers.get(name), name).toMatch(new RegExp(pattern));
      }
      const requestId = headers.get('x-request-id');
      await expectTrail(scenario, { engine: house.engine, requestId, door: 'verify', tokenId: made?.id ?? null });
    });
  });
});
