import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type PythonApp, type ServedHouse, serveHouse, startPythonApp } from './application.ts';

const KINDS = ['flask/', 'django/', 'django/async', 'fastapi/'];

suiteNeeding('python-frameworks', 'routes of Python frameworks, each with its own permission', () => {
  let served: ServedHouse;
  const apps = new Map<string, PythonApp>();
  beforeAll(async () => {
    served = await serveHouse();
    const url = `http://127.0.0.1:${served.port}`;
    const started = await Promise.all(KINDS.map((kind) => startPythonApp(kind, url, served.verifier)));
    for (const app of started) apps.set(app.kind, app);
  });
  afterAll(async () => {
    for (const app of apps.values()) await app.stop();
    await served?.close();
  });

  describe.each(KINDS)('%s', (kind) => {
    const app = (): PythonApp => apps.get(kind) as PythonApp;

    it('lets a token that may through, with identity, limits and request id', async () => {
      const { value } = await served.house.mint({ limits: [{ name: 'hour', limit: 9, seconds: 3600 }] });
      const { status, json, headers } = await app().ask('/v1/servers', value);
      expect({ status, json }).toEqual({ status: 200, json: { owner: 'user-42', can: false } });
      expect(headers).toMatchObject({
        'x-request-id': expect.stringMatching(/^req_/),
        'x-ratelimit-limit': '9',
        'x-ratelimit-remaining': '8',
        'ratelimit-policy': '"hour";q=9;w=3600',
      });
      expect(headers.vary).toContain('Authorization');
    });
  });
});
