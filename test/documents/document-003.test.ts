import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collections } from '../../src/index.ts';
import { openSite } from '../examples/collections-site.ts';
import { type RunningExample, startExample } from '../examples/running-example.ts';
import { upload } from '../examples/uploads.ts';
import { zipOfFiles } from '../examples/zip-writer.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type Commands, commandsAgainst } from './printed-commands.ts';
import { bound, pieceOf, readDocument } from './printed-document.ts';
import { declaresRepairs, itRunsPiece, linesOf, printsItsPieces, type Runs, runnableOf } from './running-pieces.ts';

const document = readDocument('003');
const YEAR_MS = 365 * 24 * 3_600_000;
const ARCHIVE = zipOfFiles({
  'index.html': '<h1>Hello</h1>',
  'images/dot.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
});

let example: RunningExample;
let commands: Commands;
/** The one token of an admin of the site. */
let token: string;

/** What an answer of the document says, quotes and all. */
const printed = (id: string): string => JSON.parse(pieceOf(document, id).lines.join('\n'));

const RUNS: Runs = {
  'authorization-header': async (text) => {
    const header = bound(text, { token });
    const { status } = await commands.curl(`curl https://yoursite.com/collections -H "${header}"`);
    expect(status).toBe(200);
  },
  'header-form': async (text) => {
    const header = bound(text, { token });
    const { status } = await commands.curl(`curl https://yoursite.com/collections -H "${header}"`);
    expect(status).toBe(200);
  },
  'install-collection': async (text) => {
    await example.ask('DELETE', '/collections/myCollection', token);
    const command = bound(text, { token });
    const first = await commands.curl(command);
    expect([first.status, JSON.parse(first.body)]).toEqual([
      201,
      expect.objectContaining({ name: 'myCollection', file_count: 2, replaced: null }),
    ]);
    const again = await commands.curl(command);
    expect([again.status, JSON.parse(again.body).replaced.sha256]).toEqual([200, JSON.parse(first.body).sha256]);
    const { json } = await example.ask('GET', '/collections/myCollection/files/index.html', token);
    expect(json).toBe('<h1>Hello</h1>');
  },
};

const itRuns = (title: string, id: string) => itRunsPiece(document, RUNS, title, id);

suiteNeeding(['curl', 'openssl'], 'document 003, printed commands against the running example', () => {
  beforeAll(async () => {
    example = await startExample('collections');
    token = example.token as string;
    commands = await commandsAgainst({ 'yoursite.com': Number(new URL(example.api).port) });
    commands.write('myCollection.zip', ARCHIVE);
  });
  afterAll(async () => {
    await commands?.close();
    await example?.close();
  });

  const userOf = async (name: string): Promise<{ id: string }> => {
    const { json } = await example.ask('GET', `/v1/users?search=${name}`, example.managementToken);
    return { id: json.data[0].id };
  };
  const installAs = async (value: string) => {
    const text = runnableOf(document, 'install-collection');
    const { status, body } = await commands.curl(bound(text, { token: value }));
    return [status, JSON.parse(body)];
  };

  itRuns('C5: installs the collection with the printed command, and again in place of the first', 'install-collection');
  itRuns('C5: takes the printed header', 'authorization-header');
  itRuns('C5: takes the header in the form that the trouble-shooting prints', 'header-form');

  it('C6: the command as it is printed, placeholder and all, is answered with the first message', async () => {
    const { status, headers, body } = await commands.curl(pieceOf(document, 'install-collection').lines.join('\n'));
    expect([status, JSON.parse(body)]).toEqual([401, { message: printed('authentication-required') }]);
    expect(headers.get('www-authenticate')).toMatch(/sample bearer token of the documentation/);
  });

  it('C6: the command without its header is answered with the first message', async () => {
    const lines = pieceOf(document, 'install-collection').lines.filter((line) => !line.includes('Authorization'));
    const { status, body } = await commands.curl(lines.join('\n'));
    expect([status, JSON.parse(body)]).toEqual([401, { message: printed('authentication-required') }]);
  });

  it('C6: the command of a user who is no admin is answered with the third message', async () => {
    const { value } = await example.makeKey({ owner: await userOf('editor') });
    expect(await installAs(value)).toEqual([403, { message: printed('admin-access-required') }]);
  });

  it('C3, C6: the tool that was working stops with the first message when the user has another token', async () => {
    const owner = await userOf('editor');
    const { value: before } = await example.makeKey({ owner });
    const { value } = await example.makeKey({ owner });
    expect(await installAs(before)).toEqual([401, { message: printed('authentication-required') }]);
    expect(await installAs(value)).toEqual([403, { message: printed('admin-access-required') }]);
  });

  it('C4: the token is given with its end, one year after it was made', async () => {
    const { json } = await example.ask('GET', '/v1/tokens/current', token);
    expect(Date.parse(json.expires_at) - Date.parse(json.created_at)).toBe(YEAR_MS);
  });
});

describe('document 003, the messages and words', () => {
  it('C6: a token that is more than a year old is answered with the second message', async () => {
    const site = await openSite();
    try {
      expect((await upload(site.url, site.token, ARCHIVE)).status).toBe(201);
      site.company.house.clock.advance(YEAR_MS);
      const { status, json } = await upload(site.url, site.token, ARCHIVE);
      expect([status, json]).toEqual([401, { message: printed('token-has-expired') }]);
    } finally {
      await site.close();
    }
  });

  it('C6: the profile has the three messages that are printed', () => {
    const {
      authentication_required: required,
      token_expired: expired,
      insufficient_permissions: insufficient,
    } = collections.errors.denials;
    expect([required.message, expired.message, insufficient.message]).toEqual([
      printed('authentication-required'),
      printed('token-has-expired'),
      printed('admin-access-required'),
    ]);
  });

  it('the profile knows the printed placeholders, so that whoever sends one is told', () => {
    const placeholders = ['install-collection', 'authorization-header', 'header-form'].map(
      (id) => document.repairs.find(({ place }) => place === id)?.original,
    );
    expect(collections.token.samples).toEqual(expect.arrayContaining(placeholders));
  });

  it('the sample request of the guide is the printed one', () => {
    const [command = ''] = pieceOf(document, 'install-collection').lines;
    const { sampleRequest } = collections.guide;
    expect(command).toContain(`-X ${sampleRequest?.method} ${collections.company.apiBaseUrl}${sampleRequest?.path} `);
    const { field, fileName } = sampleRequest?.upload ?? {};
    expect(pieceOf(document, 'install-collection').lines).toContain(`  -F "${field}=@${fileName}"`);
  });
});

describe('document 003, the test data', () => {
  const lines = linesOf(document);
  declaresRepairs(document);
  printsItsPieces(document);

  it.skipIf(lines === null)('C2: the words of the dashboard are those that the original prints', () => {
    const { menuPaths, createButton, saveButton, token: word } = collections.words;
    const text = lines?.join('\n') ?? '';
    expect(menuPaths).toEqual([['People', 'user record']]);
    expect(text).toContain(`navigate to ${menuPaths[0]?.[0]} and open the ${menuPaths[0]?.[1]} `);
    for (const button of [createButton, saveButton]) expect(text).toContain(`click the ${button} button`);
    expect(text.toLowerCase()).toContain(word);
  });
});
