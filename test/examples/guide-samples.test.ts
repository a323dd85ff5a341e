/**
 * Everything that a guide prints for a terminal or as a program, run against the company it speaks of. Prevents samples that
 * only look right: a missing import, a wrong path, a shell that reads a quotation mark differently.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  collections,
  coolset,
  deployerp,
  hosting,
  installer,
  keyhouse,
  type Profile,
} from '../../src/profile/index.ts';
import { startListeners } from '../../src/server/listeners.ts';
import { type Commands, commandsAgainst } from '../documents/printed-commands.ts';
import { openHouse } from '../http/house.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { startExample } from './running-example.ts';
import { zipOfFiles } from './zip-writer.ts';

/** A company that can be called, and somebody's token. */
interface Open {
  readonly api: string;
  readonly token: string;
  close(): Promise<void>;
}

async function openExample(name: string): Promise<Open> {
  const example = await startExample(name);
  return { api: example.api, token: example.token as string, close: () => example.close() };
}

/** The neutral profile has no company and no example: its guide speaks of the address where it is read. */
async function openNeutral(): Promise<Open> {
  const house = await openHouse(keyhouse);
  const listeners = await startListeners({
    api: { host: '127.0.0.1', port: 0, tls: null, answer: house.handler.answer },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
  });
  return {
    api: listeners.api?.url as string,
    token: (await house.mint()).value,
    async close() {
      await listeners.close();
      await house.close();
    },
  };
}

const COMPANIES: readonly (readonly [Profile, () => Promise<Open>])[] = [
  [keyhouse, openNeutral],
  ...[installer, deployerp, hosting, collections, coolset].map(
    (profile) => [profile, () => openExample(profile.name)] as const,
  ),
];

for (const [profile, open] of COMPANIES) {
  const needs = ['curl', 'openssl', 'php-curl', 'python-requests'] as const;
  suiteNeeding(needs, `what the guide of ${profile.name} prints`, () => {
    let company: Open;
    let commands: Commands;
    let variable: string;
    let printed: readonly { readonly language: string; readonly text: string }[];

    beforeAll(async () => {
      company = await open();
      const { host, port } = new URL(company.api);
      const base = new URL(profile.company.apiBaseUrl ?? company.api);
      commands = await commandsAgainst({ [profile.company.apiBaseUrl === null ? host : base.host]: Number(port) });
      const guide = await (await fetch(`${company.api}/guide.md`)).text();
      variable = /environment variable `(\w+)`/.exec(guide)?.[1] as string;
      printed = [...guide.matchAll(/^(`{3,})(\w+)\n([\s\S]*?)\n\1$/gm)].map(([, , language = '', text = '']) => ({
        language,
        text,
      }));
      const { upload = null } = profile.guide.sampleRequest ?? {};
      if (upload !== null) commands.write(upload.fileName, zipOfFiles({ 'index.html': '<h1>Hello</h1>' }));
    }, 60_000);
    afterAll(async () => {
      await commands?.close();
      await company?.close();
    });

    const only = (language: string, pattern: RegExp): string => {
      const found = printed.filter((one) => one.language === language && pattern.test(one.text));
      expect(found, `${language} ${pattern}`).toHaveLength(1);
      return found[0]?.text as string;
    };
    const shell = (text: string, token = company.token) => commands.run('sh', ['-c', text], { [variable]: token });

    /** The sample request in each language, as its reader runs it. */
    const run: Readonly<Record<string, (token: string) => Promise<string>>> = {
      curl: (token) => {
        const path = profile.guide.sampleRequest?.path;
        const isSample = path === undefined ? /auth\/test \\\n.*"$/ : new RegExp(`${path} \\\\\n`);
        const [first] = printed.filter(({ language, text }) => language === 'sh' && isSample.test(text));
        return shell(String(first?.text), token);
      },
      'Node.js': (token) => commands.node(only('js', /fetch/), { [variable]: token }),
      Python: (token) => commands.python(only('python', /import requests/), { [variable]: token }),
      PHP: (token) => {
        const text = only('php', /^<\?php\n/);
        return commands.php(text.slice('<?php\n'.length), { [variable]: token });
      },
    };

    it.each(Object.keys(run))('the sample in %s prints the answer', async (language) => {
      const answer = JSON.parse((await run[language]?.(company.token)) as string);
      expect(typeof answer).toBe('object');
    });

    it.each(Object.keys(run))('the sample in %s fails when it is refused, and says how', async (language) => {
      const { prefix, environments } = profile.token;
      const wrong = [prefix, ...environments.slice(0, 1), 'x'.repeat(32)].join('_');
      const ended = run[language]?.(wrong) as Promise<string>;
      await expect(ended).rejects.toThrow(/ ended with [1-9]\d*:[\s\S]*401/);
    });

    it('the value is asked for without being shown, and exported', async () => {
      const asks = only('sh', /read -rs/);
      const { code, stdout, stderr } = await runProcess('bash', ['-c', `${asks}\nsh -c 'printf %s "$${variable}"'`], {
        input: `${company.token}\n`,
      });
      expect([code, stdout, stderr]).toEqual([0, company.token, '']);
    });

    it('the test answers what the guide prints, and the debug headers come', async () => {
      const tests = printed.filter(({ language, text }) => language === 'sh' && text.includes('/v1/auth/test'));
      const answer = JSON.parse(await shell(String(tests[0]?.text)));
      const shown = JSON.parse(only('json', /"authenticated": true/));
      expect(Object.keys(answer)).toEqual(Object.keys(shown));
      expect(Object.keys(answer.rate_limit ?? shown.rate_limit)).toEqual(Object.keys(shown.rate_limit));
      expect(answer.key_id.split('_')[0]).toBe(shown.key_id.split('_')[0]);
      const headers = await shell(only('sh', /X-Debug-Auth/));
      for (const name of ['X-Auth-Key-ID', 'X-Auth-Permissions', 'X-Auth-IP-Check'])
        expect(headers).toContain(`${name}: `);
    });

    it('files with the token are kept out of version control', async () => {
      await shell(only('sh', /\.gitignore/));
      const folder = (await commands.run('sh', ['-c', 'pwd'])).trim();
      expect(readFileSync(`${folder}/.gitignore`, 'utf8')).toBe('.env\n.env.*\n');
    });

    it('the token is exchanged where it can be, and stops itself', async () => {
      let token = company.token;
      if (profile.selfService) {
        const answer = JSON.parse(await shell(only('sh', /\/rotate/)));
        const shown = JSON.parse(only('json', /"new_key"/));
        for (const part of ['old_key', 'new_key']) {
          expect(Object.keys(answer[part])).toEqual(Object.keys(shown[part]));
        }
        token = answer.new_key.value;
      } else {
        expect(printed.some(({ text }) => text.includes('/rotate'))).toBe(false);
      }
      expect(await run.curl?.(token)).not.toBe('');
      const ended = JSON.parse(await shell(only('sh', /-X DELETE/), token));
      expect(ended.revoked_ids.length).toBeGreaterThan(0);
      await expect(run.curl?.(token)).rejects.toThrow(/401/);
    });
  });
}
