/** Prevents a guide whose commands do not run, and a check of signatures that customers copy and that lets nothing or everything in. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { setUpInstallation } from '../cli/command.ts';
import { freePort } from '../services/postgres-cluster.ts';
import { type RunningProcess, startProcess } from '../services/process.ts';

let receiver: RunningProcess | null = null;
afterEach(async () => {
  await receiver?.stop();
  receiver = null;
});

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
const blocks = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));

describe('the guide to webhooks', () => {
  it('sets one up, checks what arrives and rotates its secret as it prints', { timeout: 60_000 }, async () => {
    const lines = blocks('sh').flatMap((block) => block.trim().split('\n'));
    const [snippet = ''] = blocks('js');
    const installation = await setUpInstallation();
    const { folder, run, json } = installation;
    const port = await freePort();
    const serving = lines.find((line) => line.includes('keyhouse serve')) ?? '';
    const flags = serving.replace('10.20.0.0/16', '127.0.0.0/8').split(' ').slice(3);
    const server = await installation.serve(flags);
    expect(server.process.stderr()).toContain('whoever may create webhooks reaches 127.0.0.0/8 from here');
    let id = '';
    for (const line of lines.filter((each) => each !== serving)) {
      const words = line
        .replace('https://hooks.example.com/', `http://127.0.0.1:${port}/`)
        .replace('WEBHOOK', id)
        .replace('2027', '2026')
        .split(/\s+/);
      expect(words.slice(0, 2)).toEqual(['npx', 'keyhouse']);
      if (words[3] !== 'create') {
        expect(await run(words.slice(2)), line).toMatchObject({ code: 0 });
        continue;
      }
      const made = await json(words.slice(2));
      id = made.id;
      writeFileSync(join(folder, 'receiver.mjs'), snippet);
      const env = { WEBHOOK_SECRET: made.secret, PORT: `${port}` };
      receiver = await startProcess(process.execPath, [join(folder, 'receiver.mjs')], { env });
    }
    await receiver?.waitForLine(/^webhook\.test/, 20_000);
    // Signed with both secrets by now: the receiver still has the old one.
    await json(['owner', 'put', 'user-42', '--workspace', 'org-7', '--permissions', 'servers:read']);
    const made = await json(['token', 'create', '--name', 'ci', '--owner', 'user-42', '--permissions', 'servers:read']);
    const [, hint] = (await receiver?.waitForLine(/^token\.created (\S+)/, 20_000)) ?? [];
    expect(hint).toBe(made.hint);
    const forged = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: {
        'webhook-id': 'evt_1',
        'webhook-timestamp': `${Math.floor(Date.now() / 1_000)}`,
        'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
      },
      body: '{"type":"token.revoked","data":{}}',
    });
    expect(forged.status).toBe(401);
    const { stdout } = await run(['webhook', 'deliveries', id]);
    expect(stdout).toMatch(/token\.created +\S+ +delivered +1/);
    expect((await run(['webhook', 'list'])).stdout).toContain('enabled');
  });
});
