import { describe, expect, it } from 'vitest';
import { type Installation, type Ran, setUpInstallation } from './command.ts';

/** One step of a token's life: the command, and what has to be so. */
interface Step {
  readonly says: string;
  readonly args: (known: Known) => readonly string[];
  readonly input?: (known: Known) => string;
  readonly expect: (answer: Ran['json'], known: Known, ran: Ran) => void;
}
interface Known {
  first: { id: string; value: string };
  second: { id: string; value: string };
}

const LIFE: readonly Step[] = [
  {
    says: 'creates with everything the pattern names',
    args: () => [
      ...['token', 'create', '--name', 'ci', '--permissions', 'servers:read,instances:*', '--tier', 'standard'],
      ...['--expires-in', '90d', '--ip', '203.0.113.0/24', '--ip', '2001:db8::/32', '--owner', 'user-42'],
      ...['--metadata', '{"team":"blue"}'],
    ],
    expect: (answer, known) => {
      expect(answer).toMatchObject({
        name: 'ci',
        state: 'active',
        grant: { permissions: ['servers:read', 'instances:*'] },
        ip_allowlist: ['203.0.113.0/24', '2001:db8::/32'],
        owner: { external_id: 'user-42' },
        workspace: { external_id: 'org-7' },
        limits: { tier: 'standard' },
        metadata: { team: 'blue' },
        created_by: { kind: 'operator', id: null },
      });
      expect(answer.value).toMatch(/^kh_live_[0-9A-Za-z]{32}$/);
      known.first = answer;
    },
  },
  {
    says: 'lists it without its value',
    args: () => ['token', 'list', '--owner', 'user-42', '--live'],
    expect: (answer, { first }, { stdout }) => {
      expect(answer.data.map(({ id }: { id: string }) => id)).toEqual([first.id]);
      expect(stdout).not.toContain(first.value);
    },
  },
  {
    says: 'says that it would be accepted',
    args: () => ['token', 'verify', '--all-of', 'servers:read', '--ip', '203.0.113.9'],
    input: ({ first }) => `${first.value}\n`,
    expect: (answer) => expect(answer).toMatchObject({ allowed: true, token: { name: 'ci' } }),
  },
  {
    says: 'narrows it',
    args: ({ first }) => ['token', 'update', first.id, '--permissions', 'servers:read', '--any-ip', '--name', 'ci 2'],
    expect: (answer) => {
      expect(answer).toMatchObject({ name: 'ci 2', effective_permissions: ['servers:read'], ip_allowlist: null });
      expect(answer.guarantee).toMatchObject({ class: 'process' });
    },
  },
  {
    says: 'disables it',
    args: ({ first }) => ['token', 'disable', first.id],
    expect: (answer) => expect(answer.state).toBe('disabled'),
  },
  {
    says: 'enables it',
    args: ({ first }) => ['token', 'enable', first.id],
    expect: (answer) => expect(answer.state).toBe('active'),
  },
  {
    says: 'rotates it with a grace',
    args: ({ first }) => ['token', 'rotate', first.id, '--grace-period', '1h', '--reason', 'yearly'],
    expect: (answer, known) => {
      expect(answer.old_key.id).toBe(known.first.id);
      expect(answer.new_key.value).toMatch(/^kh_live_/);
      known.second = answer.new_key;
    },
  },
  {
    says: 'shows the old one in its grace',
    args: ({ first }) => ['token', 'read', first.id],
    expect: (answer, { second }) => expect(answer).toMatchObject({ state: 'superseded', superseded_by: second.id }),
  },
  {
    says: 'shows its usage',
    args: ({ second }) => ['token', 'usage', second.id],
    expect: (answer, { second }) => expect(answer).toMatchObject({ token_id: second.id, allowed: 0, hours: [] }),
  },
  {
    says: 'revokes the line of rotations',
    args: ({ second }) => ['token', 'revoke', second.id, '--reason', 'done with it'],
    expect: (answer, { first, second }) => {
      expect([...answer.revoked_ids].sort()).toEqual([first.id, second.id].sort());
      expect(answer.guarantee.class).toBe('process');
    },
  },
];

async function live(installation: Installation): Promise<{ known: Known; answers: unknown[] }> {
  const known = {} as Known;
  const answers: unknown[] = [];
  for (const step of LIFE) {
    const input = step.input?.(known);
    const ran = await installation.run([...step.args(known), '--json'], input === undefined ? {} : { input });
    expect(ran.stderr, step.says).toBe('');
    expect(ran.code, step.says).toBe(0);
    step.expect(ran.json, known, ran);
    answers.push(ran.json);
  }
  const refused = await installation.run(['token', 'verify', '--json'], { input: known.second.value });
  expect(refused).toMatchObject({ code: 1, json: { allowed: false, code: 'invalid_token' } });
  const audit = await installation.json(['audit', 'list', '--limit', '7']);
  expect(audit.data.map(({ action }: { action: string }) => action)).toEqual([
    ...['token.revoked', 'token.rotated', 'token.enabled', 'token.disabled', 'token.updated', 'token.created'],
    'owner.created',
  ]);
  return { known, answers };
}

/** Each command is a process of its own. */
const MANY_PROCESSES_MS = 180_000;

describe('the life of a token by command line', { timeout: MANY_PROCESSES_MS }, () => {
  it('is the same with the server stopped and with it running', async () => {
    const atRest = await live(await setUpInstallation());
    const installation = await setUpInstallation();
    const { api, process: server } = await installation.serve();
    const served = await live(installation);
    expect(shapeOf(served.answers)).toEqual(shapeOf(atRest.answers));
    const asked = await fetch(`${api}/v1/auth/test`, {
      headers: { Authorization: `Bearer ${served.known.second.value}` },
    });
    expect(asked.status).toBe(401);
    expect((await server.stop()).code).toBe(0);
    for (const { value } of [served.known.first, served.known.second]) {
      expect(server.stdout() + server.stderr()).not.toContain(value);
    }
  });

  it('ends for a running server with the command that revokes', async () => {
    const installation = await setUpInstallation();
    const { api } = await installation.serve();
    const token = await installation.json(['token', 'create', '--name', 'ci', '--inherit', '--owner', 'user-42']);
    const ask = async () =>
      (await fetch(`${api}/v1/auth/test`, { headers: { Authorization: `Bearer ${token.value}` } })).status;
    expect(await ask()).toBe(200);
    await installation.json(['token', 'revoke', token.id]);
    expect(await ask()).toBe(401);
  });
});

/** The answer with everything that differs from one installation to the next replaced by its kind. */
function shapeOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shapeOf).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  if (typeof node === 'number') return 'number';
  if (typeof node === 'string') {
    return node
      .replace(/^\d{10}$/, 'seconds since 1970')
      .replace(/^[a-z]{2,3}_[0-9A-Za-z]{22}$/, 'id')
      .replace(/^kh_live_.*/, 'value')
      .replace(/^\d{4}-\d\d-\d\dT.*/, 'instant');
  }
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, shapeOf(value)]));
}
