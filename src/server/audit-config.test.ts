import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'keyhouse-audit-config-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const sinkOf = async (text: string, env: NodeJS.ProcessEnv = {}) =>
  (await loadConfig({ 'audit-sink': text }, env, cwd)).auditSink;

describe('the audit sink', () => {
  it('is a file, where that is no address, or an address that nobody on the way can read', async () => {
    expect((await loadConfig({}, {}, cwd)).auditSink).toBeNull();
    expect(await sinkOf('kept/checkpoints.jsonl')).toEqual({ file: join(cwd, 'kept/checkpoints.jsonl') });
    const env = { KEYHOUSE_AUDIT_SINK_TOKEN: 'a-token' };
    expect(await sinkOf('https://logs.example.com/keep', env)).toEqual({
      url: new URL('https://logs.example.com/keep'),
      token: 'a-token',
    });
    expect(await sinkOf('http://127.0.0.1:9/keep')).toMatchObject({ token: null });
    for (const text of ['http://logs.example.com/', 'ftp://logs.example.com/', 'https://user:pass@logs.example.com/']) {
      await expect(sinkOf(text)).rejects.toThrow('--audit-sink: is neither a path nor an https:// address');
    }
  });

  it('has its token neither in a flag nor without an address', async () => {
    const flags = { 'audit-sink': 'https://logs.example.com/', 'audit-sink-token': 'a-token' };
    await expect(loadConfig(flags, {}, cwd)).rejects.toThrow('KEYHOUSE_AUDIT_SINK_TOKEN');
    await expect(sinkOf('a-file', { KEYHOUSE_AUDIT_SINK_TOKEN: 'a-token' })).rejects.toThrow('needs an address');
  });
});
