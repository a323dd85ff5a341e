import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticate } from '../../src/http/authenticate-request.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type PythonApp, type ServedHouse, serveHouse, startPythonApp } from './application.ts';

const KINDS = ['flask/rules', 'django/rules', 'django/async-rules', 'fastapi/rules', 'wsgi/', 'asgi/'];

/** A form of the header lines, and whether a door takes the token `{T}` out of it. */
interface HeaderForm {
  readonly form: string;
  readonly lines: readonly string[];
  readonly passes: boolean;
}
const FORMS: HeaderForm[] = JSON.parse(readFileSync(join(import.meta.dirname, 'header-forms.json'), 'utf8'));

const PATHS = [
  ...['//v1/servers', '/v1//servers', '/v1/./servers', '/v1/x/../servers', '/v1/%2e%2e/servers', '/v1%2fservers'],
  ...[
    '/v1/servers;x=1',
    '/v1\\servers',
    '/v1/servers%00',
    '/v1/%73ervers',
    '/V1/servers',
    '/v1/servers/',
    '/v1/Servers',
  ],
  ...[
    '/v1/servers%',
    '/v1/servers/%2e',
    '/v1/servers/a%2fb',
    '/v1/servers/..',
    '/v1/servers/../servers',
    '/%76%31/servers',
  ],
  ...['/v1/servers%20', '/v1/servers/a/b', '/v1/other', '/', '*', 'http://localhost/v1/servers', '/v1/servers/%E9'],
];

suiteNeeding('python-frameworks', 'Python applications behind the rules of routes', () => {
  let served: ServedHouse;
  const apps = new Map<string, PythonApp>();
  let reader: string;
  let other: string;
  beforeAll(async () => {
    served = await serveHouse();
    const url = `http://127.0.0.1:${served.port}`;
    const started = await Promise.all(KINDS.map((kind) => startPythonApp(kind, url, served.verifier)));
    for (const app of started) apps.set(app.kind, app);
    reader = (await served.house.mint({ limits: 'unlimited' })).value;
    other = (await served.house.mint({ permissions: ['instances:read'], limits: 'unlimited' })).value;
  });
  afterAll(async () => {
    for (const app of apps.values()) await app.stop();
    await served?.close();
  });
  const linesOf = ({ lines }: HeaderForm): string[] =>
    lines.flatMap((line) =>
      line === '{90 lines}'
        ? Array.from({ length: 90 }, (_, at) => `X-${at}: v`)
        : line.replaceAll('{T}', reader).replace('{t}', reader.slice(2)).replace('{4096}', 'a'.repeat(4096)),
    );

  it.each(FORMS.filter(({ form }) => form !== 'white space before the colon'))(
    'row 4: the engine itself judges $form as the table of forms says',
    async (form) => {
      const rawHeaders = linesOf(form).flatMap((line) => {
        const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
        return [name, value];
      });
      const asked = { rawHeaders, url: '/v1/servers', method: 'GET', ip: '127.0.0.1' };
      expect((await createAuthenticate(served.house.parts)(asked, { byRoute: true })).allowed).toBe(form.passes);
    },
  );

  describe.each(KINDS)('%s', (kind) => {
    const app = (): PythonApp => apps.get(kind) as PythonApp;
    const send = async (firstLine: string, lines: readonly string[]) => {
      const text = requestText(firstLine, ['Connection: close', ...lines]);
      return exchange(app().port, Buffer.from(text, 'latin1'));
    };

    it('let through what a rule allows, and refuse what it does not or what no rule speaks of', async () => {
      const allowed = await app().ask('/v1/servers', reader);
      expect(allowed).toMatchObject({ status: 200, json: { owner: 'user-42' } });
      expect(allowed.headers.vary).toContain('Authorization');
      expect(allowed.headers['x-request-id']).toMatch(/^req_/);
      expect(await app().ask('/v1/servers', other)).toMatchObject({ status: 403, json: { missing: ['servers:read'] } });
      const post = await app().ask('/v1/servers', reader, { method: 'POST', body: '' });
      expect(post.json).toMatchObject({ code: 'insufficient_permissions', missing: ['servers:write'] });
      expect((await app().ask('/v1/nowhere', reader)).json).toMatchObject({ code: 'no_matching_rule' });
      expect((await app().ask('/v1/servers', null)).json).toMatchObject({ code: 'authentication_required' });
    });

    it('rows 1 to 8: run a view for a form of the header only where every door takes the token', async () => {
      const ran = new Set<string>();
      for (const [at, form] of FORMS.entries()) {
        const { statuses } = await send(`GET /v1/servers/form-${at} HTTP/1.1`, linesOf(form));
        if (statuses[0] === 200) ran.add(form.form);
      }
      expect([...ran]).toEqual(FORMS.filter(({ passes }) => passes).map(({ form }) => form));
      const views = await app().views(reader);
      const seen = views.filter((target) => target.includes('form-'));
      expect(seen).toHaveLength(ran.size);
    });

    it('rows 39 and 42: run no view for a spelling of its path unless the token may what its rule asks', async () => {
      const before = await app().views(reader);
      for (const path of PATHS) {
        for (const method of ['GET', 'POST', 'get', 'PUT', 'HEAD']) {
          const { statuses } = await send(`${method} ${path} HTTP/1.1`, [`Authorization: Bearer ${other}`]);
          expect(
            statuses.filter((status) => status < 400),
            `${method} ${path}`,
          ).toEqual([]);
        }
      }
      expect(await app().views(reader)).toEqual(before);
    });
  });

  it('decide before the body where an ASGI middleware stands in front of the whole application', async () => {
    const lines = [`Authorization: Bearer ${reader}`, 'Content-Length: 1000000'];
    for (const kind of ['asgi/', 'fastapi/rules', 'wsgi/', 'flask/rules', 'django/rules']) {
      const { port } = apps.get(kind) as PythonApp;
      const early = await exchange(port, requestText('POST /v1/servers HTTP/1.1', lines), { answers: 1 });
      expect(early.statuses, kind).toEqual([403]);
    }
  });
});
