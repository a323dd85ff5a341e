import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployerp } from '../../src/index.ts';
import { type RunningExample, startExample } from '../examples/running-example.ts';
import { pythonWithRequests, suiteNeeding } from '../services/leftover.ts';
import { type Commands, commandsAgainst } from './printed-commands.ts';
import { bound, differences, readDocument } from './printed-document.ts';
import { declaresRepairs, itRunsPiece, linesOf, printsItsPieces, type Runs, runnableOf } from './running-pieces.ts';

const document = readDocument('001');
const WEEK_MS = 7 * 24 * 3_600_000;

let example: RunningExample;
let commands: Commands;

const RUNS: Runs = {
  'list-servers': async (text) => {
    const { value } = await example.makeKey({ permissions: ['servers:read'] });
    const { status, body } = await commands.curl(bound(text, { token: value }));
    expect(status).toBe(200);
    expect(JSON.parse(body).data).toEqual([expect.objectContaining({ name: 'web-1' })]);
  },
  'env-file': async (text) => {
    const { value } = await example.makeKey({ permissions: ['servers:read'] });
    const file = commands.write('.env', bound(text, { token: value }));
    const read = await commands.run(process.execPath, [`--env-file=${file}`, '-p', 'process.env.DEPLOYERP_API_KEY']);
    expect((await example.ask('GET', '/v1/servers', read.trim())).status).toBe(200);
  },
  'read-only-key': async (text) => {
    const { status, json } = await example.ask('POST', '/v1/api-keys', example.token, text);
    expect(status).toBe(201);
    expect(json).toMatchObject({ name: 'monitoring-key', grant: { permissions: JSON.parse(text).permissions } });
    expect(json.value).toMatch(/^dep_live_[0-9A-Za-z]{32}$/);
  },
  'restricted-key': async (text) => {
    const { status, json } = await example.ask('POST', '/v1/api-keys', example.token, text);
    expect(status).toBe(201);
    expect(json.ip_whitelist).toEqual(JSON.parse(text).ip_whitelist);
    const denied = await example.ask('GET', '/v1/instances', json.value);
    expect([denied.status, denied.json.error.code]).toEqual([403, 'ip_restricted']);
  },
  'expiring-key': async (text) => {
    const asked = JSON.parse(text);
    const { status, json } = await example.ask('POST', '/v1/api-keys', example.token, text);
    expect(status).toBe(201);
    expect(Date.parse(json.expires_at)).toBe(Date.parse(asked.expires_at));
    expect(json.rotation).toMatchObject({ auto_rotate: true, rotation_period: asked.rotation_period });
  },
  'rotation-settings': async (text) => {
    const { rotation_enabled, ...rest } = JSON.parse(text);
    const { id } = await example.makeKey({ permissions: ['servers:read'] });
    const { status, json } = await example.ask('PATCH', `/v1/api-keys/${id}`, example.token, text);
    expect(status).toBe(200);
    expect(json.rotation).toMatchObject({ auto_rotate: rotation_enabled, ...rest, state: 'scheduled' });
    expect(Date.parse(json.rotation.due_at) - Date.parse(json.created_at)).toBe(90 * 86_400_000);
  },
  'missing-authentication': async (text) => {
    const { status, json } = await example.ask('GET', '/v1/servers', null);
    expect(differences(json, JSON.parse(text))).toEqual([]);
    expect(status).toBe(JSON.parse(text).error.status);
  },
  'rotate-key': async (text) => {
    const { id, value } = await example.makeKey({ permissions: ['servers:read'] });
    const { status, body } = await commands.curl(bound(text, { key_id: id, token: value }));
    expect(status).toBe(201);
    expect(JSON.parse(body).old_key.id).toBe(id);
  },
  'rotate-key-answer': async (text, { varies }) => {
    const { id, value } = await example.makeKey({ permissions: ['servers:read'] });
    const { body } = await commands.curl(bound(runnable('rotate-key'), { key_id: id, token: value }));
    const answer = JSON.parse(body);
    const printed = JSON.parse(text);
    expect(differences(answer, printed, varies, ['guarantee'])).toEqual([]);
    expect(answer.new_key.id).not.toBe(id);
    const graceMs = ({ old_key, new_key }: typeof printed): number =>
      Date.parse(old_key.expires_at) - Date.parse(new_key.created_at);
    expect([graceMs(answer), graceMs(printed)]).toEqual([WEEK_MS, WEEK_MS]);
    for (const works of [value, answer.new_key.value]) {
      expect((await example.ask('GET', '/v1/servers', works)).status).toBe(200);
    }
  },
  'test-authentication': async (text) => {
    const { id, value } = await example.makeKey({ permissions: ['servers:read'] });
    const { status, body } = await commands.curl(bound(text, { token: value }));
    expect([status, JSON.parse(body).key_id]).toEqual([200, id]);
  },
  'test-authentication-answer': async (text, { varies }) => {
    const { value } = await example.makeKey({ permissions: JSON.parse(text).permissions });
    const { body } = await commands.curl(bound(runnable('test-authentication'), { token: value }));
    expect(differences(JSON.parse(body), JSON.parse(text), varies)).toEqual([]);
  },
  'debug-headers': async (text) => {
    const { id, value } = await example.makeKey({ permissions: ['servers:read'] });
    const { status, headers } = await commands.curl(bound(text, { token: value }));
    expect([status, headers.get('x-auth-key-id')]).toEqual([200, id]);
  },
  'debug-headers-answer': async (text, { varies }) => {
    const { value } = await example.makeKey({
      permissions: ['servers:read', 'instances:*'],
      ip_whitelist: ['127.0.0.1'],
    });
    const { headers } = await commands.curl(bound(runnable('debug-headers'), { token: value }));
    const printed = Object.fromEntries(text.split('\n').map((line) => line.split(': ', 2)));
    const given = Object.fromEntries(Object.keys(printed).map((name) => [name, headers.get(name.toLowerCase())]));
    expect(differences(given, printed, varies)).toEqual([]);
  },
  'error-handling': async (text) => {
    const { value: able } = await example.makeKey({ permissions: ['servers:read'] });
    const { value: unable } = await example.makeKey({ permissions: ['teams:read'] });
    commands.write('printed.py', `${text}\n${runnable('key-from-environment')}\n`);
    commands.write('call.py', 'import sys, printed\nprint(printed.make_api_request(sys.argv[1], printed.api_key))\n');
    const call = async (endpoint: string, key: string, env: Record<string, string> = {}): Promise<string> => {
      const python = pythonWithRequests() ?? 'python3';
      return (await commands.run(python, ['call.py', endpoint], { DEPLOYERP_API_KEY: key, ...env })).trim();
    };
    expect(await call('servers', able)).toMatch(/^\{'data': \[\{.*'name': 'web-1'/);
    expect(await call('servers', `${able.slice(0, -1)}_`)).toMatch(/^Authentication failed.*\nNone$/);
    expect(await call('servers', unable)).toMatch(/^Permission denied.*\nNone$/);
    expect(await call('servers/none', able)).toMatch(/^HTTP error: 404 .*\nNone$/);
    expect(await call('servers', able, { HTTPS_PROXY: 'http://127.0.0.1:9' })).toMatch(/^Request failed: .*\nNone$/);
  },
};

const runnable = (id: string) => runnableOf(document, id);
const itRuns = (title: string, id: string) => itRunsPiece(document, RUNS, title, id);

suiteNeeding(['curl', 'openssl'], 'document 001, printed commands against the running example', () => {
  beforeAll(async () => {
    example = await startExample('deployerp');
    commands = await commandsAgainst({ 'api.deployerp.com': Number(new URL(example.api).port) });
  });
  afterAll(async () => {
    await commands?.close();
    await example?.close();
  });

  itRuns('D18: lists servers with the printed command', 'list-servers');
  itRuns('takes the key from the printed .env file', 'env-file');
  itRuns('D5: makes the printed read-only key', 'read-only-key');
  itRuns('D6: makes the printed key that only some addresses may use', 'restricted-key');
  itRuns('D7: makes the printed key that expires and rotates by itself', 'expiring-key');
  itRuns('D9: answers a request without a key with the printed body', 'missing-authentication');
  itRuns('D10: takes the printed rotation settings', 'rotation-settings');
  itRuns('D11: rotates a key with the printed command, by the key itself and without a body', 'rotate-key');
  itRuns(
    'D11: answers a rotation with the printed body, and the old key works on for the printed week',
    'rotate-key-answer',
  );
  itRuns('D12: tests a key with the printed command', 'test-authentication');
  itRuns('D12: answers the test with the printed body', 'test-authentication-answer');
  itRuns('D13: asks for debugging with the printed command', 'debug-headers');
  itRuns('D13: answers with the printed headers', 'debug-headers-answer');

  it('D2: the printed sample key has the printed parts, opens nothing and is recognised as a sample', async () => {
    const [sample = ''] = runnable('sample-key').split(' ').slice(1);
    expect(sample).toMatch(/^dep_live_[0-9A-Za-z]{32}$/);
    const { status, json } = await example.ask('GET', '/v1/servers', sample);
    expect([status, json.error.code]).toEqual([401, 'invalid_token']);
    expect(json.error.message).toMatch(/documentation|sample|example/i);
  });
});

suiteNeeding(['python-requests', 'openssl'], 'document 001, printed Python against the running example', () => {
  beforeAll(async () => {
    example = await startExample('deployerp');
    commands = await commandsAgainst({ 'api.deployerp.com': Number(new URL(example.api).port) });
  });
  afterAll(async () => {
    await commands?.close();
    await example?.close();
  });

  itRuns('D9: the printed function tells a bad key, a missing permission and any other error apart', 'error-handling');
});

describe('document 001, the test data', () => {
  const lines = linesOf(document);
  declaresRepairs(document);
  printsItsPieces(document);

  it.skipIf(lines === null)('D3: the profile has the table of permissions that the original prints', () => {
    const rows = catalogue().map(({ permission, description, operations: [first = '', ...rest] }) => {
      const [, path] = first.split(' ');
      const methods = [first, ...rest].map((operation) => operation.split(' ')[0]).join(', ');
      return `${permission}${description} ${methods} ${path}`;
    });
    expect(rows).toHaveLength(11);
    expect(lines?.some((line) => line.endsWith(rows.join(' ')))).toBe(true);
  });

  it.skipIf(lines === null)('D8: the profile has the table of limits that the original prints', () => {
    const count = (limit: number): string => limit.toLocaleString('en-US');
    const rows = Object.values(deployerp.limits.tiers).map(({ label, useCase, windows }) => {
      if (windows === 'unlimited') return `${label} No limit No limit ${useCase}`;
      const [hour, minute] = windows;
      return `${label} ${count(hour?.limit ?? 0)} ${count(minute?.limit ?? 0)}/min ${useCase}`;
    });
    expect(lines?.some((line) => line.endsWith(rows.join(' ')))).toBe(true);
  });

  it.skipIf(lines === null)('D1: the words of the dashboard are those that the original prints', () => {
    const { menuPaths, createButton, saveButton } = deployerp.words;
    for (const words of [...menuPaths.map((path) => path.join(' → ')), createButton, saveButton]) {
      expect(lines?.some((line) => line.includes(words))).toBe(true);
    }
    for (const { name } of deployerp.templates) expect(lines).toContain(name);
  });
});

function catalogue() {
  if (deployerp.catalogue === 'open') throw new Error('the catalogue is open');
  return deployerp.catalogue;
}
