import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_DESCRIPTION } from '../../examples/installer/api-description.ts';
import { installer } from '../../src/index.ts';
import { type RunningExample, startExample } from '../examples/running-example.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type Commands, commandsAgainst } from './printed-commands.ts';
import { bound, pieceOf, readDocument } from './printed-document.ts';
import { declaresRepairs, itRunsPiece, linesOf, printsItsPieces, type Runs, runnableOf } from './running-pieces.ts';

const document = readDocument('000');
const INSTALLERS = '/api/v1/partners/installers';

let example: RunningExample;
let commands: Commands;

async function begin(): Promise<void> {
  example = await startExample('installer');
  commands = await commandsAgainst({ 'localhost:8000': Number(new URL(example.api).port) });
}

async function end(): Promise<void> {
  await commands?.close();
  await example?.close();
}

/** A token of the example's service account. */
async function newToken() {
  const { json } = await example.ask('GET', '/v1/service-accounts', example.managementToken);
  return example.makeKey({ name: 'Webhook Server', owner: { id: json.data[0].id } });
}

const NAMES = [
  expect.objectContaining({ name: 'Example Electric' }),
  expect.objectContaining({ name: 'Example Heating' }),
];

/** What the printed fragments leave in their variables, said by one more line. */
const SAYING = {
  javascript: 'console.log(JSON.stringify({ status: response.status, installers }));',
  python: 'import json\nprint(json.dumps({"status": response.status_code, "installers": installers}))',
};

const fetchPiece = async (text: string, token: string) =>
  JSON.parse(await commands.node(`${text}\n${SAYING.javascript}\n`, { API_TOKEN: token }));
const pythonPiece = async (text: string, token: string) =>
  JSON.parse(await commands.python(`${text}\n${SAYING.python}\n`, { API_TOKEN: token }));

const RUNS: Runs = {
  header: async (text) => {
    const { value } = await newToken();
    const [name = '', line = ''] = bound(text, { token: value }).split(': ');
    const { status } = await fetch(example.api + INSTALLERS, { headers: { [name]: line } });
    expect(status).toBe(200);
  },
  'list-installers-curl': async (text) => {
    const { value } = await newToken();
    const { status, body } = await commands.curl(bound(text, { token: value }));
    expect(status).toBe(200);
    expect(JSON.parse(body).data).toEqual(NAMES);
  },
  'list-installers-fetch': async (text) => {
    const { value } = await newToken();
    const { status, installers } = await fetchPiece(text, value);
    expect(status).toBe(200);
    expect(installers.data).toEqual(NAMES);
  },
  'list-installers-python': async (text) => {
    const { value } = await newToken();
    const { status, installers } = await pythonPiece(text, value);
    expect(status).toBe(200);
    expect(installers.data).toEqual(NAMES);
  },
};

const itRuns = (title: string, id: string) => itRunsPiece(document, RUNS, title, id);
/** As it goes over the wire: the printed members in the printed order, and no others. */
const printed = JSON.stringify(JSON.parse(runnableOf(document, 'unauthorized')));
const mistyped = (value: string): string => `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`;

suiteNeeding(['curl', 'openssl'], 'document 000, printed commands against the running example', () => {
  beforeAll(begin);
  afterAll(end);

  itRuns('I1: takes a token in the printed header', 'header');
  itRuns('I5: lists installers with the printed curl command', 'list-installers-curl');
  itRuns('I5: lists installers with the printed fetch', 'list-installers-fetch');

  it('I6: answers the printed curl command as it stands, placeholder and all, with the printed body', async () => {
    const { status, body, headers } = await commands.curl(pieceOf(document, 'list-installers-curl').lines.join('\n'));
    expect([status, body]).toEqual([401, printed]);
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer realm="Installer.com API", error="invalid_token", .*sample/,
    );
  });

  it('I6: answers with the printed body without a token, with a mistyped one and with a revoked one', async () => {
    const command = runnableOf(document, 'list-installers-curl');
    const { id, value } = await newToken();
    const without = command.replace(/ \\\n.*$/, '');
    expect(without).not.toContain('Authorization');
    const missing = await commands.curl(without);
    const wrong = await commands.curl(bound(command, { token: mistyped(value) }));
    expect((await commands.curl(bound(command, { token: value }))).status).toBe(200);
    expect((await example.ask('DELETE', `/api/v1/tokens/${id}`, example.managementToken)).status).toBe(200);
    const revoked = await commands.curl(bound(command, { token: value }));
    for (const { status, body, headers } of [missing, wrong, revoked]) {
      expect([status, body]).toEqual([401, printed]);
      expect(headers.get('content-type')).toBe('application/json');
    }
    const reasons = [missing, wrong, revoked].map(({ headers }) => headers.get('www-authenticate'));
    expect(reasons[0]).toBe('Bearer realm="Installer.com API"');
    expect(reasons[1]).toMatch(/error="invalid_token".*mistyped/);
    expect(reasons[2]).toMatch(/error="invalid_token"/);
  });

  it('I6: hands the printed body to the printed fetch too', async () => {
    const { value } = await newToken();
    const { status, installers } = await fetchPiece(runnableOf(document, 'list-installers-fetch'), mistyped(value));
    expect([status, installers]).toEqual([401, JSON.parse(printed)]);
  });

  it('I6: refuses what the owner of the token may not do with a body of the printed form', async () => {
    const { value } = await newToken();
    const refused = await commands.curl(
      `${bound(runnableOf(document, 'list-installers-curl').replace('-X GET', '-X POST'), { token: value })} -d x=y`,
    );
    const { status, body, headers } = refused;
    expect([status, JSON.parse(body)]).toEqual([
      403,
      { error: 'Forbidden', message: 'Insufficient permissions', statusCode: 403 },
    ]);
    expect(Object.keys(JSON.parse(body))).toEqual(Object.keys(JSON.parse(printed)));
    expect(headers.get('www-authenticate')).toContain('scope="installers:write"');
  });
});

suiteNeeding(['python-requests', 'openssl'], 'document 000, printed Python against the running example', () => {
  beforeAll(begin);
  afterAll(end);

  itRuns('I5: lists installers with the printed Python', 'list-installers-python');

  it('I6: hands the printed body to the printed Python too', async () => {
    const { value } = await newToken();
    const { status, installers } = await pythonPiece(runnableOf(document, 'list-installers-python'), mistyped(value));
    expect([status, installers]).toEqual([401, JSON.parse(printed)]);
  });
});

describe('document 000, the test data', () => {
  const lines = linesOf(document);
  const sentence = (pattern: RegExp) => expect(lines?.some((line) => pattern.test(line))).toBe(true);
  declaresRepairs(document);
  printsItsPieces(document);

  it.skipIf(lines === null)('I6: the profile has the table of statuses that the original prints', () => {
    const { invalid_token, insufficient_permissions } = installer.errors.denials;
    sentence(new RegExp(`^${invalid_token.status} Unauthorized`));
    sentence(new RegExp(`^${insufficient_permissions.status} Forbidden${insufficient_permissions.message}`));
  });

  it.skipIf(lines === null)('I2: the words of the dashboard are those that the original prints', () => {
    const { menuPaths, createButton, saveButton } = installer.words;
    const [[menu, section] = []] = menuPaths;
    sentence(new RegExp(`\\bgo to ${menu} in the sidebar\\.$`));
    sentence(new RegExp(`\\bthe ${section} section and click ${createButton}\\.`));
    expect(saveButton).toBe(createButton);
    sentence(new RegExp(`\\bLog in to ${new URL(String(installer.company.signInUrl)).host} `));
  });

  it.skipIf(lines === null)('the API description has the operation that the original sends its reader to try', () => {
    const { get } = (API_DESCRIPTION.paths as Record<string, Record<string, { summary: string }>>)[INSTALLERS] ?? {};
    sentence(new RegExp(`\\bthe ${get?.summary} API reference page`));
  });

  it('samples ask what the document asks', () => {
    const { apiBaseUrl } = installer.company;
    const { sampleRequest } = installer.guide;
    const { lines: command } = pieceOf(document, 'list-installers-curl');
    expect(command[0]).toContain(`-X ${sampleRequest?.method} "${apiBaseUrl}${sampleRequest?.path}"`);
    const samples = ['list-installers-curl', 'header'].map((id) => document.repairs.find(({ place }) => place === id));
    expect(installer.token.samples).toEqual(samples.map((repair) => repair?.original));
  });
});
