import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setUpInstallation } from '../cli/command.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { startProcess } from '../services/process.ts';
import { PYTHON, type ServedHouse, serveHouse } from './application.ts';

const PACKAGE = join(import.meta.dirname, '../../python');
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');

/** The Python pieces under a heading of the README, as printed. */
function piecesUnder(heading: string): string[] {
  const [, section = ''] = README.split(`\n## ${heading}\n`);
  const [text = ''] = section.split('\n## ');
  return [...text.matchAll(/```python\n([\s\S]*?)```/g)].map(([, piece = '']) => piece);
}

/** What every new Django project has in its settings already. */
const DJANGO_PROJECT = `
SECRET_KEY = "for this test"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
`;
const DJANGO_URLS = `
from django.urls import path
from views import servers
urlpatterns = [path("v1/servers", servers)]
`;

const [djangoSettings = '', djangoView = '', djangoAsgi = ''] = piecesUnder('Django');
const uvicorn = (app: string) => (port: number) => ['-m', 'uvicorn', app, '--port', `${port}`];

suiteNeeding('python-frameworks', 'the README of the Python package', () => {
  let served: ServedHouse;
  let reader: string;
  let other: string;
  beforeAll(async () => {
    served = await serveHouse();
    reader = (await served.house.mint()).value;
    other = (await served.house.mint({ permissions: ['instances:read'] })).value;
  });
  afterAll(() => served?.close());

  it('makes the token that an application asks with', async () => {
    const installation = await setUpInstallation();
    const [, command = ''] = /^npx keyhouse (token create .*)$/m.exec(README) ?? [];
    const { value } = await installation.json(command.split(' '));
    const { api } = await installation.serve();
    const verify = await fetch(`${api}/v1/tokens/verify`, {
      method: 'POST',
      headers: { authorization: `Bearer ${value}`, 'content-type': 'application/json' },
      body: JSON.stringify({ headers: [], all_of: [] }),
    });
    expect([verify.status, await verify.json()]).toMatchObject([200, { code: 'authentication_required' }]);
  });

  it.each<[string, Record<string, string>, (port: number) => string[]]>([
    [
      'Flask',
      { 'app.py': piecesUnder('Flask')[0] ?? '' },
      (port) => ['-m', 'flask', '--app', 'app', 'run', '--port', `${port}`],
    ],
    [
      'Django',
      { 'settings.py': DJANGO_PROJECT + djangoSettings, 'views.py': djangoView, 'urls.py': DJANGO_URLS },
      (port) => ['-m', 'django', 'runserver', '--noreload', `127.0.0.1:${port}`],
    ],
    [
      'Django over ASGI',
      {
        'settings.py': DJANGO_PROJECT + djangoSettings,
        'views.py': djangoView
          .replace('@requires(permission="servers:read")\n', '')
          .replace('request.keyhouse', 'request.scope["state"]["keyhouse"]'),
        'urls.py': DJANGO_URLS,
        'asgi.py': djangoAsgi,
      },
      uvicorn('asgi:application'),
    ],
    ['FastAPI', { 'main.py': piecesUnder('FastAPI')[0] ?? '' }, uvicorn('main:app')],
  ])('%s: what is printed lets through whom it says', async (framework, files, command) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-python-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const port = await freePort();
    const app = await startProcess(PYTHON, command(port), {
      cwd: folder,
      env: {
        PYTHONPATH: `${PACKAGE}:${folder}`,
        PYTHONDONTWRITEBYTECODE: '1',
        DJANGO_SETTINGS_MODULE: 'settings',
        KEYHOUSE_URL: `http://127.0.0.1:${served.port}`,
        KEYHOUSE_TOKEN: served.verifier,
      },
    });
    try {
      const ask = (token: string) =>
        fetch(`http://127.0.0.1:${port}/v1/servers`, { headers: { authorization: `Bearer ${token}` } });
      const first = await eventually(() => ask(reader), 20_000, `${framework} listens`).catch((error) => {
        throw new Error(`${error.message}\n${app.stderr()}`, { cause: error });
      });
      expect(await first.json()).toEqual({ hello: 'user-42' });
      const refused = await ask(other);
      expect([refused.status, await refused.json()]).toMatchObject([403, { missing: ['servers:read'] }]);
    } finally {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
