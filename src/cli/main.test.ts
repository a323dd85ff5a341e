import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS, isGroup, main, sharedOptionsOf } from './index.ts';
import type { Terminal } from './terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-main-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Somebody at a terminal who answers each question in turn; null leaves with Ctrl-C. */
function personSaying(answers: readonly (string | null)[]) {
  const left = [...answers];
  const shown = { out: '', err: '' };
  const stdin = new PassThrough();
  const terminal: Terminal = {
    env: {},
    cwd: folder,
    stdin,
    isInteractive: true,
    hasColours: false,
    out: (text) => {
      shown.out += text;
    },
    outPaced: async (text) => {
      shown.out += text;
    },
    err: (text) => {
      shown.err += text;
      if (!/: $/.test(text)) return;
      const answer = left.shift();
      setImmediate(() => stdin.write(answer === null || answer === undefined ? '\u0003' : `${answer}\r`));
    },
  };
  return { terminal, shown, left };
}

describe('somebody at a terminal', () => {
  it('is asked for what is missing, and never shown the password', async () => {
    const { terminal, shown, left } = personSaying(['ops@example.com', 'a long one of mine', 'a long one of mine', '']);
    expect(await main(['init'], terminal)).toBe(0);
    expect(left).toEqual([]);
    expect(shown.out).toContain('ops@example.com is the administrator of Home.');
    expect(shown.out + shown.err).not.toContain('a long one');
  });

  it('is asked for a password until both are the same, and may leave', async () => {
    const differing = personSaying(['one that is long', 'another that is long']);
    expect(await main(['init', '--admin-email', 'ops@example.com'], differing.terminal)).toBe(2);
    expect(differing.shown.err).toContain('The two were not the same.');
    const leaving = personSaying([null]);
    expect(await main(['init'], leaving.terminal)).toBe(1);
    expect(leaving.shown.err).toContain('Nothing was done.');
  });
});

describe('the table of commands', () => {
  const all = COMMANDS.flatMap((entry) =>
    isGroup(entry)
      ? entry.commands.map((spec) => ({ path: [entry.name, spec.name], spec }))
      : [{ path: [entry.name], spec: entry }],
  );

  it.each(all)('$path has help with an example of itself', async ({ path, spec }) => {
    const { terminal, shown } = personSaying([]);
    expect(await main([...path, '--help'], terminal)).toBe(0);
    expect(spec.examples.length).toBeGreaterThan(0);
    for (const example of spec.examples) {
      expect(example).toContain(`keyhouse ${path.join(' ')}`);
      expect(shown.out).toContain(example);
    }
    for (const { flags } of [...(spec.options ?? []), ...sharedOptionsOf(spec)]) expect(shown.out).toContain(flags);
  });

  it('names no option twice in one command', () => {
    for (const { path, spec } of all) {
      const names = [...(spec.options ?? []), ...sharedOptionsOf(spec)].map(({ flags }) => flags.split(' ')[0]);
      expect(new Set(names).size, path.join(' ')).toBe(names.length);
    }
  });
});
