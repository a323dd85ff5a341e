/**
 * Suites that need a system package. Prevents two opposite failures: a fresh clone whose tests fail because PostgreSQL or
 * a browser is not installed, and a full run that passes because half of it quietly did not run.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { describe, inject, it } from 'vitest';
import { whyNoPostgres } from './postgres-cluster.ts';
import { findProgram } from './process.ts';

const program = (name: string, display: string) => (): string | null =>
  findProgram(name) === null ? `${display} is not installed` : null;

/** Each need answers null when it is met, else a sentence. */
const NEEDS = {
  postgresql: whyNoPostgres,
  redis: program('redis-server', 'Redis'),
  openssl: program('openssl', 'OpenSSL'),
  curl: program('curl', 'curl'),
  nginx: program('nginx', 'nginx'),
  caddy: program('caddy', 'Caddy'),
  haproxy: program('haproxy', 'HAProxy'),
  strace: program('strace', 'strace'),
  prlimit: program('prlimit', 'prlimit'),
  chromium: program('chromium', 'Chromium'),
  go: program('go', 'Go'),
  java: () => (findProgram('javac') === null ? 'a Java development kit is not installed' : null),
  'apache-openidc': () =>
    findProgram('apache2') === null || !existsSync('/usr/lib/apache2/modules/mod_auth_openidc.so')
      ? 'Apache with mod_auth_openidc is not installed'
      : null,
  'python-authlib': () => (pythonWithAuthlib() === null ? 'Python with Authlib is not installed' : null),
  'php-curl': () =>
    answersYes('php', ['-r', 'exit(function_exists("curl_init") ? 0 : 1);']) ? null : 'PHP with curl is not installed',
  python: () => (answersYes('/usr/bin/python3', ['-c', '']) ? null : 'Python 3 is not installed'),
  mypy: program('mypy', 'mypy'),
  'python-frameworks': () =>
    answersYes('/usr/bin/python3', ['-c', 'import asgiref, django, fastapi, flask, uvicorn'])
      ? null
      : 'Python with Flask, Django, FastAPI and uvicorn is not installed',
  'python-requests': () => (pythonWithRequests() === null ? 'Python with requests is not installed' : null),
} as const satisfies Record<string, () => string | null>;

export type Need = keyof typeof NEEDS;

/** The interpreter that has the requests library: the system's own before one that the user put in front of it. */
export function pythonWithRequests(): string | null {
  return pythonWith('requests');
}

/** The same with the Authlib library and requests under it. */
export function pythonWithAuthlib(): string | null {
  return pythonWith('authlib, requests');
}

function pythonWith(modules: string): string | null {
  for (const python of ['/usr/bin/python3', 'python3']) {
    if (answersYes(python, ['-c', `import ${modules}`])) return python;
  }
  return null;
}

/**
 * A `describe` that runs where its needs are met. Elsewhere it is left out and named with the reason at the end of
 * the run, or fails when `KEYHOUSE_TEST_ALL` is `1`. `needs` may also carry sentences about what else is missing.
 */
export function suiteNeeding(
  needs: Need | readonly (Need | { readonly missing: string | null })[],
  title: string,
  define: () => void,
): void {
  const list = typeof needs === 'string' ? [needs] : needs;
  const missing = list.map((need) => (typeof need === 'string' ? NEEDS[need]() : need.missing));
  const reason = missing.filter((sentence) => sentence !== null).join('; ');
  if (reason === '') {
    describe(title, define);
  } else if (process.env.KEYHOUSE_TEST_ALL === '1') {
    describe(title, () => {
      it('has what it needs', () => {
        throw new Error(`${reason}, and KEYHOUSE_TEST_ALL=1 allows no suite to be left out`);
      });
    });
  } else {
    appendFileSync(inject('leftOutFile'), `${JSON.stringify({ suite: title, reason })}\n`);
    describe.skip(title, define);
  }
}

function answersYes(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}
