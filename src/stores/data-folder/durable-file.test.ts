import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileDurably } from './durable-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-durable-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeFileDurably', () => {
  it('replaces the whole file and leaves nothing else behind', () => {
    const file = join(folder, 'note');
    writeFileDurably(file, 'a long first text');
    writeFileDurably(file, 'größer');
    expect(readFileSync(file, 'utf8')).toBe('größer');
    expect(readdirSync(folder)).toEqual(['note']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('leaves what was there, and no part of the new, where it fails', () => {
    mkdirSync(join(folder, 'note'));
    expect(() => writeFileDurably(join(folder, 'note'), 'text')).toThrow();
    expect(readdirSync(folder)).toEqual(['note']);
    expect(statSync(join(folder, 'note')).isDirectory()).toBe(true);
  });
});
