import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ForwardAuthHeaders } from '../http/index.ts';
import type { IpAllowlist } from '../policy/index.ts';
import { type Profile, parseProfile, presets } from '../profile/index.ts';
import type { Environment } from '../token/index.ts';
import { type AuditSinkConfig, readAuditSink } from './audit-config.ts';
import { type GatewayConfig, readGateway } from './gateway-config.ts';
import { readGithubReports } from './github-config.ts';
import { type IdentityConfig, readIdentity } from './identity-config.ts';
import { type MailConfig, readMail, unsafeMail } from './mail-config.ts';
import { reachableByWebhooks, readNetworks } from './networks.ts';
import { type OidcConfig, readSignIn } from './oidc-config.ts';
import { checkText, listOf } from './setting-text.ts';
import { fileKeyOf, SETTINGS, type SettingName, variableOf } from './settings.ts';
import { StartRefused } from './start-refused.ts';

export interface Config {
  readonly dataDir: string;
  readonly secretsDir: string | null;
  readonly databaseUrl: string | null;
  readonly profile: Profile | null;
  readonly applyNarrowing: boolean;
  /** File that describes the company's own API; read by whoever serves it. */
  readonly apiDescriptionFile: string | null;
  readonly api: { readonly host: string; readonly port: number };
  readonly dashboard: { readonly host: string; readonly port: number };
  /** Without trailing slash; null is the address of the listener. */
  readonly dashboardUrl: string | null;
  /** null where no mail is sent. */
  readonly mail: MailConfig | null;
  /** null without single sign-on. */
  readonly oidc: OidcConfig | null;
  readonly passwordSignIn: boolean;
  /** null without an upstream. */
  readonly gateway: GatewayConfig | null;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly trustedProxies: IpAllowlist | null;
  /** Networks that are not public and webhooks may reach all the same; null where there are none. */
  readonly webhookNetworks: IpAllowlist | null;
  /** Where the keys of GitHub are; null where it may not report leaks. */
  readonly githubReports: URL | null;
  readonly clientAddressHeader: string;
  readonly forwardAuth: ForwardAuthHeaders;
  readonly identity: IdentityConfig;
  readonly auditSink: AuditSinkConfig | null;
  readonly accessLogOneIn: number;
  readonly accessLogDays: number;
  readonly environments: readonly Environment[];
  readonly cachedTokensMax: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Settings that make this installation less safe than it starts out, one sentence each. */
  readonly unsafe: readonly string[];
}

/** Values as given in one place, by setting name; undefined where that place says nothing. */
export type Given = Partial<Record<SettingName, string>>;

/** Read by commands, and no settings of a server. */
const COMMAND_VARIABLES = ['KEYHOUSE_URL', 'KEYHOUSE_TOKEN', 'KEYHOUSE_TEST_ALL'];

const CONFIG_FILES = ['keyhouse.config.ts', 'keyhouse.config.json'];

/**
 * Reads the configuration: flag > environment variable > file > default.
 * @throws {StartRefused} with every problem at once.
 */
export async function loadConfig(flags: Given, env: NodeJS.ProcessEnv, cwd: string): Promise<Config> {
  const problems: string[] = [];
  const sources = await gather(flags, env, cwd, problems);
  const given = (name: SettingName): string | null => sources[name].value;
  const problem = (name: SettingName, message: string) => {
    const { source } = sources[name];
    problems.push(
      `${source === 'flag' ? `--${name}` : source === 'variable' ? variableOf(name) : fileKeyOf(name)}: ${message}`,
    );
  };

  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const message = checkText(SETTINGS[name], given(name));
    if (message !== null) problem(name, message);
  }
  const tls = readTls(given('tls-cert'), given('tls-key'), cwd, problem);
  const networks = (name: SettingName) => readNetworks(listOf(given(name)), (message) => problem(name, message));
  const trustedProxies = networks('trusted-proxies');
  const webhookNetworks = networks('webhook-networks');
  const profile = readProfile(given('profile'), cwd, problem);
  const dashboardUrl = readOrigin('dashboard-url', given, problem);
  const isOpen = given('insecure-http') === 'true';
  const mail = readMail(given, (name) => sources[name].source, cwd, problem);
  const signIn = readSignIn(given, (name) => sources[name].source, cwd, problem);
  const gateway = readGateway(given, problem);
  const githubReports = readGithubReports(given, problem);
  const auditSink = readAuditSink(given, (name) => sources[name].source, cwd, problem);
  if (!/^\d{1,9}$/.test(given('access-log-one-in') as string)) {
    problem('access-log-one-in', 'is not a whole number; 0 keeps no accepted request.');
  }
  const identity = readIdentity(given, trustedProxies !== null, problem);
  for (const listener of ['api', 'dashboard', ...(gateway === null ? [] : (['gateway'] as const))] as const) {
    const host = given(`${listener}-host`) as string;
    if (isLoopback(host) || tls !== null || trustedProxies !== null || isOpen) continue;
    problem(
      `${listener}-host`,
      `${host} can be reached from other machines, and tokens would cross the network in the clear. Give --tls-cert and --tls-key, or name the TLS proxy in front with --trusted-proxies, or accept it with --insecure-http.`,
    );
  }
  if (problems.length > 0) {
    throw new StartRefused(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  return {
    dataDir: resolve(cwd, given('data-dir') as string),
    secretsDir: given('secrets-dir') === null ? null : resolve(cwd, given('secrets-dir') as string),
    databaseUrl: given('database-url'),
    profile,
    applyNarrowing: given('apply-narrowing') === 'true',
    apiDescriptionFile: given('api-description') === null ? null : resolve(cwd, given('api-description') as string),
    api: { host: given('api-host') as string, port: Number(given('api-port')) },
    dashboard: { host: given('dashboard-host') as string, port: Number(given('dashboard-port')) },
    dashboardUrl,
    mail,
    oidc: signIn.oidc,
    passwordSignIn: signIn.password,
    gateway,
    tls,
    trustedProxies,
    webhookNetworks,
    githubReports,
    clientAddressHeader: (given('client-address-header') as string).toLowerCase(),
    forwardAuth: {
      method: (given('forward-auth-method-header') as string).toLowerCase(),
      uri: (given('forward-auth-uri-header') as string).toLowerCase(),
    },
    identity,
    auditSink,
    accessLogOneIn: Number(given('access-log-one-in')),
    accessLogDays: Number(given('access-log-days')),
    environments: listOf(given('environments')) as Environment[],
    cachedTokensMax: Number(given('cached-tokens-max')),
    logLevel: given('log-level') as Config['logLevel'],
    unsafe: [
      ...(isOpen ? ['--insecure-http: tokens may cross the network in the clear.'] : []),
      ...unsafeMail(mail),
      ...reachableByWebhooks(webhookNetworks),
      ...(gateway?.forwardsToken === true ? ['--forward-authorization: the upstream sees every token.'] : []),
    ],
  };
}

/** A setting as it is in force, and where it was set. */
export interface GivenSetting {
  readonly value: string | null;
  readonly source: 'flag' | 'variable' | 'file' | 'default';
}

/**
 * Every setting with the place it came from; whether the values are right is not asked.
 * @throws {StartRefused} the configuration file cannot be read.
 */
export async function explainConfig(
  flags: Given,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Readonly<Record<SettingName, GivenSetting>>> {
  const problems: string[] = [];
  const settings = await gather(flags, env, cwd, problems);
  if (problems.length > 0) throw new StartRefused(problems.join('\n'));
  return settings;
}

async function gather(
  flags: Given,
  env: NodeJS.ProcessEnv,
  cwd: string,
  problems: string[],
): Promise<Record<SettingName, GivenSetting>> {
  const file = await readConfigFile(cwd, problems);
  const gathered = (Object.keys(SETTINGS) as SettingName[]).map((name): [SettingName, GivenSetting] => {
    const flag = flags[name];
    const variable = env[variableOf(name)];
    const inFile = file[name];
    if (flag !== undefined) return [name, { value: flag, source: 'flag' }];
    if (variable !== undefined) return [name, { value: variable, source: 'variable' }];
    if (inFile !== undefined) return [name, { value: inFile, source: 'file' }];
    return [name, { value: SETTINGS[name].default, source: 'default' }];
  });
  return Object.fromEntries(gathered) as Record<SettingName, GivenSetting>;
}

/** Variables that look like settings and are none: most likely a slip of the finger, worth a line at start. */
export function strangeVariables(env: NodeJS.ProcessEnv): string[] {
  const known = new Set([...(Object.keys(SETTINGS) as SettingName[]).map(variableOf), ...COMMAND_VARIABLES]);
  return Object.keys(env).filter((variable) => variable.startsWith('KEYHOUSE_') && !known.has(variable));
}

async function readConfigFile(cwd: string, problems: string[]): Promise<Given> {
  const path = CONFIG_FILES.map((name) => resolve(cwd, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) return {};
  let content: unknown;
  try {
    content = path.endsWith('.json')
      ? JSON.parse(readFileSync(path, 'utf8'))
      : ((await import(pathToFileURL(path).href)) as { default: unknown }).default;
  } catch (error) {
    problems.push(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    problems.push(`${path}: must be an object of settings.`);
    return {};
  }
  const given: Given = {};
  for (const [key, value] of Object.entries(content)) {
    const name = (Object.keys(SETTINGS) as SettingName[]).find((one) => fileKeyOf(one) === key);
    if (name === undefined) problems.push(`${path}: there is no setting ${key}.`);
    else if (value !== null && value !== undefined)
      given[name] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return given;
}

type Problem = (name: SettingName, message: string) => void;

function readTls(certFile: string | null, keyFile: string | null, cwd: string, problem: Problem): Config['tls'] {
  if (certFile === null && keyFile === null) return null;
  const cert = certFile === null ? null : readText(resolve(cwd, certFile));
  const key = keyFile === null ? null : readText(resolve(cwd, keyFile));
  if (cert === null)
    problem('tls-cert', certFile === null ? 'is needed with --tls-key.' : `${certFile} cannot be read.`);
  if (key === null) problem('tls-key', keyFile === null ? 'is needed with --tls-cert.' : `${keyFile} cannot be read.`);
  return cert === null || key === null ? null : { cert, key };
}

/** The scheme, host and port of an address that has nothing else. */
function readOrigin(name: SettingName, given: (name: SettingName) => string | null, problem: Problem): string | null {
  const text = given(name);
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  problem(name, `${text} is not an address such as https://keys.example.com, without a path.`);
  return null;
}

/** A preset by name, or a file. */
function readProfile(wanted: string | null, cwd: string, problem: Problem): Profile | null {
  if (wanted === null) return null;
  if (Object.hasOwn(presets, wanted)) return presets[wanted] as Profile;
  const text = readText(resolve(cwd, wanted));
  if (text === null) {
    problem(
      'profile',
      `${wanted} is neither a preset (${Object.keys(presets).join(', ')}) nor a file that can be read.`,
    );
    return null;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    problem('profile', `${wanted} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  const parsed = parseProfile(json);
  if (parsed.ok) return parsed.profile;
  for (const { path, message } of parsed.problems) problem('profile', `${wanted}: ${path}: ${message}`);
  return null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
