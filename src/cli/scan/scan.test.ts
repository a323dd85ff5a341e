import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyhouse, presets } from '../../profile/index.ts';
import { generateToken, type Kind, systemRandom, type TokenFormat } from '../../token/index.ts';
import { main } from '../index.ts';
import type { Terminal } from '../terminal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-scan-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const value = (kind: Kind = 'token', { token }: { readonly token: TokenFormat } = keyhouse) =>
  generateToken(token, kind, token.environments[0] ?? null, systemRandom);

/** A new folder with these files. */
function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const made = mkdtempSync(join(folder, 'of-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(made, name, '..'), { recursive: true });
    writeFileSync(join(made, name), content);
  }
  return made;
}

async function scan(cwd: string, args: readonly string[], input = '') {
  const shown = { out: '', err: '' };
  const terminal: Terminal = {
    env: {},
    cwd,
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    isInteractive: false,
    hasColours: false,
    out: (text) => {
      shown.out += text;
    },
    outPaced: async (text) => {
      shown.out += text;
    },
    err: (text) => {
      shown.err += text;
    },
  };
  const code = await main(['scan', ...args], terminal);
  const lines = shown.out.split('\n').filter((line) => line !== '');
  return { code, lines, ...shown };
}

function git(cwd: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

describe('keyhouse scan', () => {
  it('names file, line and column of every token below a folder, and no value', async () => {
    const [a, b, c, d] = [value(), value('portal'), value(), value()];
    const cwd = folderWith({
      'src/app.js': `const a = 1;\nconst key = "${a}";\n`,
      '.env': `KEY=${b}`,
      'image.bin': Buffer.concat([Buffer.alloc(5_000, 255), Buffer.from(c), Buffer.alloc(9)]),
      'notes.txt': Buffer.from(`\ufeffone\r\ntwo ${d}`, 'utf16le'),
      'clean.txt': `${a}x kh_live_ and so on`,
    });
    const { code, lines, out, err } = await scan(cwd, ['.', '--profile', 'keyhouse']);
    expect(code).toBe(1);
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      './.env:1:5',
      './image.bin:1:5001',
      './notes.txt:2:5',
      './src/app.js:2:14',
    ]);
    expect(lines[0]).toContain('portal khpt_live_');
    for (const text of [a, b, c, d]) expect(out + err).not.toContain(text.slice(8, 20));
  });

  it('counts lines through a file that is larger than what is read at once, with a token across the border', async () => {
    const token = value();
    const line = `${'x'.repeat(99)}\n`;
    const border = 4 * 1024 * 1024;
    const before = line.repeat(Math.floor((border - 20) / line.length));
    const filled = `${before}${' '.repeat(border - 20 - before.length)}`;
    const cwd = folderWith({ 'large.log': `${filled}${token}\n${line.repeat(60_000)}${token}` });
    const { lines } = await scan(cwd, ['large.log', '--profile', 'keyhouse', '--json']);
    const places = lines.map((one) => JSON.parse(one)).map((find) => [find.line, find.column]);
    const at = before.length / line.length + 1;
    expect(places).toEqual([
      [at, border - 20 - before.length + 1],
      [at + 60_001, 1],
    ]);
  });

  it('says 0 when nothing is there, and 2 when something could not be looked at', async () => {
    const cwd = folderWith({ 'clean.txt': 'nothing' });
    expect(await scan(cwd, ['.', '--profile', 'keyhouse'])).toMatchObject({ code: 0, out: '' });
    const missing = await scan(cwd, ['clean.txt', 'gone.txt', '--profile', 'keyhouse']);
    expect(missing).toMatchObject({ code: 2, out: '' });
    expect(missing.err).toContain('gone.txt: is not there.');
    expect((await scan(cwd, ['.', '--profile', 'nobody.json'])).code).toBe(2);
    expect((await scan(cwd, [])).code).toBe(2);
    expect((await scan(cwd, ['--git'])).code).toBe(2);
  });

  it('follows no link out of the tree, and says how many there were', async () => {
    const outside = folderWith({ 'key.txt': value() });
    const cwd = folderWith({ 'clean.txt': 'nothing' });
    symlinkSync(outside, join(cwd, 'out'));
    symlinkSync(join(outside, 'key.txt'), join(cwd, 'key'));
    const { code, err } = await scan(cwd, ['.', '--profile', 'keyhouse']);
    expect(code).toBe(0);
    expect(err).toContain('2 links not followed');
    expect((await scan(cwd, ['key', '--profile', 'keyhouse'])).code).toBe(1);
  });

  it('masks a token that stands in the name of a file', async () => {
    const token = value();
    const { code, out, err } = await scan(folderWith({ [`${token}.txt`]: 'x' }), ['.', '--profile', 'keyhouse']);
    expect(code).toBe(1);
    expect(out).toContain('.txt: in its name  token');
    expect(out + err).not.toContain(token);
  });

  it('reads standard input, and knows the tokens of every preset where no Keyhouse is at hand', async () => {
    const tokens = Object.values(presets).map((preset) => value('token', preset));
    const { code, lines, err } = await scan(folderWith({}), ['--stdin', '--json'], tokens.join('\n'));
    expect(code).toBe(1);
    expect(lines.map((line) => JSON.parse(line).line)).toEqual(tokens.map((_, at) => at + 1));
    expect(err).toContain('No Keyhouse is at hand');
  });
});

describe('keyhouse scan in a repository', () => {
  const [inHistory, inMessage, onBranch, ignored, staged, renewed] = Array.from({ length: 6 }, () => value()) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  let cwd: string;
  let first: string;
  beforeAll(() => {
    cwd = folderWith({ 'old name.txt': `\n${inHistory}`, '.gitignore': 'secret.txt\n' });
    git(cwd, 'init', '-q', '-b', 'main');
    git(cwd, 'add', '.');
    git(cwd, 'commit', '-qm', 'one');
    first = git(cwd, 'rev-parse', 'HEAD');
    git(cwd, 'rm', '-q', 'old name.txt');
    git(cwd, 'commit', '-qm', `two ${inMessage}`);
    git(cwd, 'checkout', '-qb', 'side');
    writeFileSync(join(cwd, 'big.txt'), `${'z'.repeat(300_000)} ${onBranch}`);
    git(cwd, 'add', '.');
    git(cwd, 'commit', '-qm', 'three');
    git(cwd, 'checkout', '-q', 'main');
    writeFileSync(join(cwd, 'secret.txt'), ignored);
    writeFileSync(join(cwd, 'staged.txt'), `a\n ${staged}`);
    git(cwd, 'add', 'staged.txt');
    writeFileSync(join(cwd, 'staged.txt'), `a\n ${renewed}`);
  });

  const places = async (args: readonly string[]) => {
    const { code, lines, err } = await scan(cwd, [...args, '--profile', 'keyhouse', '--json']);
    expect(err).toBe('');
    return {
      code,
      places: lines.map((line) => JSON.parse(line)).map((one) => `${one.file}:${one.line}:${one.column}`),
    };
  };

  it('finds what was deleted long ago, in files and messages, on every branch', async () => {
    expect(await places(['--git'])).toEqual({
      code: 1,
      places: expect.arrayContaining(['old name.txt:2:1', '(message):6:5', 'big.txt:1:300002']),
    });
    const { lines } = await scan(cwd, ['--git', first, '--profile', 'keyhouse', '--json']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ file: 'old name.txt', commit: first }]);
  });

  it('looks through a range of commits alone when one is named', async () => {
    expect(await places(['--git', `${first}..main`])).toEqual({ code: 1, places: ['(message):6:5'] });
    expect((await scan(cwd, ['--git', '--output=x', '--profile', 'keyhouse'])).code).toBe(2);
  });

  it('looks at what is staged and not at what lies beside it', async () => {
    expect(await places(['--staged'])).toEqual({ code: 1, places: ['staged.txt:2:2'] });
  });

  it('leaves out what git ignores when asked to', async () => {
    expect(await places(['.', '--gitignore'])).toEqual({ code: 1, places: ['./staged.txt:2:2'] });
    expect((await places(['secret.txt'])).code).toBe(1);
  });

  it('tells that a clone is shallow', async () => {
    const clone = join(folderWith({}), 'clone');
    git(cwd, 'clone', '-q', '--depth', '1', `file://${cwd}`, clone);
    const { err, code } = await scan(clone, ['--git', '--profile', 'keyhouse']);
    expect(code).toBe(1);
    expect(err).toContain('the history before this clone: is not here');
  });
});
