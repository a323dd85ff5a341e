import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Sender, SmtpSettings } from '../notify/index.ts';
import { isLoopback } from './config.ts';
import { isOfThisMachine } from './oidc-config.ts';
import type { SettingName } from './settings.ts';

/** How mail is sent. */
export interface MailConfig {
  readonly smtp: SmtpSettings;
  readonly from: Sender;
}

const PORTS = { implicit: 465, starttls: 587, none: 25 } as const;
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@[a-z0-9.-]{1,189}$/i;

/** `problem` is told what is wrong. @returns null where no mail is set up. */
export function readMail(
  given: (name: SettingName) => string | null,
  sourceOf: (name: SettingName) => 'flag' | 'variable' | 'file' | 'default',
  cwd: string,
  problem: (name: SettingName, message: string) => void,
): MailConfig | null {
  const url = given('smtp-url');
  if (url === null) {
    for (const name of ['mail-from', 'smtp-password', 'smtp-password-file'] as const) {
      if (given(name) !== null) problem(name, 'needs --smtp-url, the mail server.');
    }
    return null;
  }
  if (given('dashboard-url') === null && !isOfThisMachine(given)) {
    problem(
      'smtp-url',
      'needs --dashboard-url: the links in mails lead there, and nothing that a request says decides where.',
    );
  }
  const server = readServer(url);
  const from = given('mail-from');
  if (server === null) {
    problem('smtp-url', 'is not the address of a mail server, such as smtp://user@mail.example.com:587.');
  }
  if (from === null || !ADDRESS.test(from)) {
    problem('mail-from', 'must be the address that mails come from, such as keys@example.com.');
  }
  if (sourceOf('smtp-password') === 'flag') {
    problem('smtp-password', 'would be seen by everybody on this machine: set KEYHOUSE_SMTP_PASSWORD.');
  }
  if (sourceOf('smtp-url') === 'flag' && server?.password != null) {
    problem('smtp-url', 'holds a password, which everybody on this machine would see: set KEYHOUSE_SMTP_URL.');
  }
  const readFile = (name: 'smtp-password-file' | 'smtp-ca'): string | null => {
    const path = given(name);
    if (path === null) return null;
    try {
      return readFileSync(resolve(cwd, path), 'utf8');
    } catch {
      problem(name, `${path} cannot be read.`);
      return null;
    }
  };
  const password = given('smtp-password') ?? readFile('smtp-password-file')?.replace(/\r?\n$/, '') ?? server?.password;
  const ca = readFile('smtp-ca');
  if (server === null || from === null) return null;
  const tls = given('smtp-tls') as SmtpSettings['tls'] | null;
  const ours = tls ?? (server.isImplicit ? 'implicit' : isLoopback(server.host) ? 'none' : 'starttls');
  if (server.user !== null && password == null) {
    problem('smtp-url', 'names a user, so a password is needed: KEYHOUSE_SMTP_PASSWORD or --smtp-password-file.');
  }
  if (server.user === null && password != null) {
    problem('smtp-url', 'names no user for the password, as in smtp://user@mail.example.com.');
  }
  if (server.isImplicit && ours !== 'implicit') problem('smtp-tls', `does not go with smtps://.`);
  return {
    smtp: {
      host: server.host,
      port: server.port ?? PORTS[ours],
      tls: ours,
      login: server.user === null ? null : { user: server.user, password: password ?? '' },
      ca,
    },
    from: { address: from, name: given('mail-from-name') },
  };
}

/** A sentence for who reads the log, where mail crosses a network in the clear. */
export function unsafeMail(mail: MailConfig | null): readonly string[] {
  if (mail === null || mail.smtp.tls !== 'none' || isLoopback(mail.smtp.host)) return [];
  return ['--smtp-tls none: links that let people in cross the network in the clear.'];
}

function readServer(text: string) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return null;
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return null;
  try {
    return {
      isImplicit: url.protocol === 'smtps:',
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? null : Number(url.port),
      user: url.username === '' ? null : decodeURIComponent(url.username),
      password: url.password === '' ? null : decodeURIComponent(url.password),
    };
  } catch {
    return null;
  }
}
