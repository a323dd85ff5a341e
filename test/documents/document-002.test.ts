import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProfile } from '../../examples/hosting/company.ts';
import { type RunningExample, startExample } from '../examples/running-example.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { findProgram } from '../services/process.ts';
import { type Commands, commandsAgainst } from './printed-commands.ts';
import { bound, pieceOf, readDocument } from './printed-document.ts';
import { declaresRepairs, itRunsPiece, linesOf, printsItsPieces, type Runs, runnableOf } from './running-pieces.ts';

const document = readDocument('002');
const profile = readProfile();
const DOMAINS = [expect.objectContaining({ name: 'garden-shop.example', status: 'active' })];

let example: RunningExample;
let commands: Commands;
/** The customer whom the first token belongs to. */
let owner: { readonly id: string };

async function begin(): Promise<void> {
  example = await startExample('hosting');
  commands = await commandsAgainst({ 'api.example.com': Number(new URL(example.api).port) });
  owner = { id: (await example.ask('GET', '/v1/tokens/current', example.token)).json.owner.id };
}

async function end(): Promise<void> {
  await commands?.close();
  await example?.close();
}

const newToken = (permissions: readonly string[] = ['domains:read']) =>
  example.makeKey({ name: 'WordPress Plugin', owner, permissions });

/** What the printed fragments leave in their variables, said by one more line. */
const SAYING = {
  javascript: 'console.log(JSON.stringify({ status: response.status, body: await response.text() }));',
  python: 'import json\nprint(json.dumps({"status": response.status_code, "body": response.text}))',
  php: 'echo json_encode(["status" => curl_getinfo($ch, CURLINFO_HTTP_CODE), "body" => $response]);',
};

/** Runs a piece in its own language, with nothing but one more line that says what came of it. */
const SPEAK: Readonly<Record<string, (text: string) => Promise<{ readonly status: number; readonly body: string }>>> = {
  'list-domains-curl': (text) => commands.curl(text),
  'list-domains-python': async (text) => JSON.parse(await commands.python(`${text}\n${SAYING.python}\n`)),
  'list-domains-fetch': async (text) => JSON.parse(await commands.node(`${text}\n${SAYING.javascript}\n`)),
  'list-domains-php': async (text) => JSON.parse(await commands.php(`${text}\n${SAYING.php}\n`)),
};

const speak = (id: string, text: string) => {
  const run = SPEAK[id];
  if (run === undefined) throw new Error(`nothing runs ${id}`);
  return run(text);
};

const listsDomains = (id: string) => async (text: string) => {
  const { value } = await newToken();
  const { status, body } = await speak(id, bound(text, { token: value }));
  expect(status).toBe(200);
  expect(JSON.parse(body).data).toEqual(DOMAINS);
};

const RUNS: Runs = {
  ...Object.fromEntries(Object.keys(SPEAK).map((id) => [id, listsDomains(id)])),
  'environment-variable': async (text) => {
    const { value } = await newToken();
    const { status, body } = await commands.curl(bound(text, { token: value }));
    expect([status, JSON.parse(body).data]).toEqual([200, DOMAINS]);
  },
  'ignored-files': async (text) => {
    const git = (...args: string[]) =>
      commands.run('git', args, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: undefined });
    await git('init', '--quiet');
    commands.write('.gitignore', text);
    const ignored = await git('check-ignore', '--', '.env', 'server.key', 'config/secrets.json');
    expect(ignored.trim().split('\n')).toEqual(['.env', 'server.key', 'config/secrets.json']);
  },
  'header-form': async (text) => {
    const { value } = await newToken();
    const headers = { authorization: bound(text, { token: value }) };
    expect((await fetch(`${example.api}/v1/domains`, { headers })).status).toBe(200);
  },
};

const itRuns = (title: string, id: string) => itRunsPiece(document, RUNS, title, id);

/** What the document's troubleshooting names, shown to whoever runs this piece. */
function itExplains(id: string): void {
  const answerTo = async (token: string) => {
    const { status, body } = await speak(id, bound(runnableOf(document, id), { token }));
    return { status, problem: JSON.parse(body) };
  };

  it(`H8: ${id} shows its reader what is wrong: the placeholder, a token of another scope, a revoked one`, async () => {
    const sample = await answerTo('YOUR_API_TOKEN');
    expect([sample.status, sample.problem.code]).toEqual([401, 'invalid_token']);
    expect(sample.problem.detail).toMatch(/sample API token of the documentation; replace it with one of your own/);
    const lacking = await answerTo((await newToken(['dns:read', 'dns:write'])).value);
    expect([lacking.status, lacking.problem.missing]).toEqual([403, ['domains:read']]);
    const token = await newToken();
    expect((await answerTo(token.value)).status).toBe(200);
    expect((await example.ask('DELETE', `/v1/tokens/${token.id}`, example.managementToken)).status).toBe(200);
    const revoked = await answerTo(token.value);
    expect([revoked.status, revoked.problem.code]).toEqual([401, 'invalid_token']);
    for (const { problem } of [sample, lacking, revoked]) {
      expect(problem.support).toEqual({ url: 'https://support.example.com', email: 'support@example.com' });
    }
  });
}

suiteNeeding(['curl', 'openssl'], 'document 002, printed commands against the running example', () => {
  beforeAll(begin);
  afterAll(end);

  itRuns('H3: lists domains with the printed curl command', 'list-domains-curl');
  itRuns('H3: lists domains with the printed fetch', 'list-domains-fetch');
  itRuns('H3: lists domains with the token that the printed line puts into the environment', 'environment-variable');
  itRuns('H8: takes a token in exactly the printed form', 'header-form');
  itExplains('list-domains-curl');
  itExplains('list-domains-fetch');
});

suiteNeeding(['python-requests', 'openssl'], 'document 002, printed Python against the running example', () => {
  beforeAll(begin);
  afterAll(end);

  itRuns('H3: lists domains with the printed Python', 'list-domains-python');
  itExplains('list-domains-python');
});

suiteNeeding(['php-curl', 'openssl'], 'document 002, printed PHP against the running example', () => {
  beforeAll(begin);
  afterAll(end);

  itRuns('H3: lists domains with the printed PHP', 'list-domains-php');
  itExplains('list-domains-php');
});

const git = { missing: findProgram('git') === null ? 'git is not installed' : null };
suiteNeeding(['openssl', git], 'document 002, printed .gitignore', () => {
  beforeAll(begin);
  afterAll(end);

  itRuns('keeps the files with tokens out of version control', 'ignored-files');
});

describe('document 002, the test data', () => {
  const lines = linesOf(document);
  const line = (text: string) => expect(lines).toContain(text);
  declaresRepairs(document);
  printsItsPieces(document);

  it('H1: the name that the repairs fill in is the slug of the example’s own profile', () => {
    const names = document.repairs.filter(({ original }) => original === '{{COMPANY_NAME}}');
    expect(names).toHaveLength(4);
    for (const { replacement } of names) expect(replacement).toBe(profile.company.slug);
    expect(profile.company.apiBaseUrl).toBe(`https://api.${profile.company.slug}.com`);
  });

  it.skipIf(lines === null)(
    'H1: there is a value for each placeholder of the original, and a name for no other',
    () => {
      const { name, slug, supportUrl, supportEmail } = profile.company;
      const filled: Readonly<Record<string, string | null>> = {
        '{{COMPANY_NAME}}': name && slug,
        '{{SUPPORT_URL}}': supportUrl,
        '{{SUPPORT_EMAIL}}': supportEmail,
      };
      const printed = new Set((lines ?? []).join('\n').match(/\{\{\w+\}\}/g));
      expect([...printed].sort()).toEqual(Object.keys(filled).sort());
      expect(Object.values(filled)).toEqual(['example', 'https://support.example.com', 'support@example.com']);
      expect(profile.company.signInUrl).toBe(supportUrl);
    },
  );

  it.skipIf(lines === null)('H2: the eight scopes have the words that the original prints, in its order', () => {
    const { catalogue } = profile;
    if (catalogue === 'open') throw new Error('the catalogue is open');
    const printed = lines?.filter((text) => /^- \w+:\w+ — /.test(text));
    expect(printed).toEqual(catalogue.map(({ permission, description }) => `- ${permission} — ${description}`));
    expect(printed).toHaveLength(8);
  });

  it.skipIf(lines === null)('H2, H5: menu paths and buttons are those that the original prints', () => {
    const { menuPaths, createButton, saveButton, revokeButton } = profile.words;
    const [first, second] = menuPaths.map((path) => path.join(' > '));
    line(`- Navigate to ${first} (or ${second})`);
    line(`- Click ${createButton}`);
    line(`- Click ${saveButton}`);
    line(`- Click ${revokeButton} or the delete icon`);
  });

  it.skipIf(lines === null)('H2: the templates propose the names that the original gives as examples', () => {
    const names = profile.templates.map(({ tokenName }) => tokenName);
    const [, examples = ''] = /^- Enter a descriptive name .*\(e\.g\., (.*)\)$/m.exec((lines ?? []).join('\n')) ?? [];
    const printed = examples.match(/[A-Z][\w ]+/g) ?? [];
    expect(printed).toHaveLength(2);
    expect(names).toEqual(expect.arrayContaining(printed));
  });

  it('samples ask what the document asks, and its placeholders are known as such', () => {
    const { sampleRequest } = profile.guide;
    const [first] = pieceOf(document, 'list-domains-curl').lines;
    expect(first).toContain(`-X ${sampleRequest?.method} https://api.{{COMPANY_NAME}}.com${sampleRequest?.path} `);
    const placeholders = document.repairs.filter(({ replacement }) => replacement === '{{token}}');
    expect([...new Set(placeholders.map(({ original }) => original))].sort()).toEqual(
      [...profile.token.samples].sort(),
    );
  });
});
