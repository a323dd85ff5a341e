import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SingleSignOnAdmission } from '../people/index.ts';
import { isLoopback } from './config.ts';
import type { SettingName } from './settings.ts';

/** Single sign-on at one OpenID provider. */
export interface OidcConfig {
  readonly issuer: URL;
  readonly clientId: string;
  /** null for a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** What stands on the button. */
  readonly label: string;
  readonly admission: SingleSignOnAdmission;
}

export interface SignInConfig {
  /** null without single sign-on. */
  readonly oidc: OidcConfig | null;
  /** Whether people may sign in with e-mail address and password. */
  readonly password: boolean;
}

const NEEDS_ISSUER = [
  'oidc-client-id',
  'oidc-client-secret',
  'oidc-client-secret-file',
  'oidc-domains',
  'oidc-new-user-roles',
  'oidc-new-user-workspace',
] as const satisfies readonly SettingName[];

const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/;

/** `problem` is told what is wrong. */
export function readSignIn(
  given: (name: SettingName) => string | null,
  sourceOf: (name: SettingName) => 'flag' | 'variable' | 'file' | 'default',
  cwd: string,
  problem: (name: SettingName, message: string) => void,
): SignInConfig {
  const password = given('password-sign-in') === 'true';
  const text = given('oidc-issuer');
  if (text === null) {
    for (const name of NEEDS_ISSUER) {
      if ((given(name) ?? '') !== '') problem(name, 'needs --oidc-issuer, the OpenID provider.');
    }
    if (!password) problem('password-sign-in', 'nobody could sign in: switch it off with --oidc-issuer alone.');
    return { oidc: null, password: true };
  }
  const issuer = readIssuer(text);
  if (issuer === null) {
    problem(
      'oidc-issuer',
      'is no https:// address of an OpenID provider, as the provider itself writes it. http:// will do on this machine alone.',
    );
  }
  const clientId = given('oidc-client-id');
  if (clientId === null) problem('oidc-client-id', 'is needed with --oidc-issuer: the provider tells it.');
  const domains = listOf(given('oidc-domains')).map((domain) => domain.toLowerCase().replace(/^@/, ''));
  const strange = domains.find((domain) => !DOMAIN.test(domain));
  if (strange !== undefined) problem('oidc-domains', `${strange} is no domain, such as example.com.`);
  const roles = listOf(given('oidc-new-user-roles'));
  const workspace = given('oidc-new-user-workspace');
  if (roles.length > 0 && domains.length === 0) {
    problem('oidc-new-user-roles', 'needs --oidc-domains: else everybody with an account at the provider came in.');
  }
  if (workspace !== null && roles.length === 0) problem('oidc-new-user-workspace', 'needs --oidc-new-user-roles.');
  if (given('dashboard-url') === null && !isOfThisMachine(given)) {
    problem('oidc-issuer', 'needs --dashboard-url: the provider sends people back there.');
  }
  const clientSecret = readSecret(given, sourceOf, cwd, problem);
  if (issuer === null || clientId === null) return { oidc: null, password };
  const admission = { domains, newUsers: roles.length === 0 ? null : { roles, workspace } };
  return { oidc: { issuer, clientId, clientSecret, label: given('oidc-label') as string, admission }, password };
}

function readSecret(
  given: (name: SettingName) => string | null,
  sourceOf: (name: SettingName) => 'flag' | 'variable' | 'file' | 'default',
  cwd: string,
  problem: (name: SettingName, message: string) => void,
): string | null {
  const secret = given('oidc-client-secret');
  const file = given('oidc-client-secret-file');
  if (sourceOf('oidc-client-secret') === 'flag') {
    problem('oidc-client-secret', 'would be seen by everybody on this machine: set KEYHOUSE_OIDC_CLIENT_SECRET.');
  }
  if (secret !== null && file !== null) problem('oidc-client-secret-file', 'is given beside oidc-client-secret.');
  if (file === null) return secret;
  try {
    const read = readFileSync(resolve(cwd, file), 'utf8').trim();
    if (read === '') problem('oidc-client-secret-file', `${file} is empty.`);
    return read;
  } catch {
    problem('oidc-client-secret-file', `${file} cannot be read.`);
    return null;
  }
}

function readIssuer(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  const isBare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isSafe && isBare ? url : null;
}

/** Browsers then reach the dashboard where it listens. */
export function isOfThisMachine(given: (name: SettingName) => string | null): boolean {
  const isHere = (['api-host', 'dashboard-host'] as const).every((name) => isLoopback(given(name) as string));
  return isHere && listOf(given('trusted-proxies')).length === 0;
}

function listOf(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
