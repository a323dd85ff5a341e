import { presets } from '../profile/index.ts';

/** How the text of a setting is read. */
export type SettingKind = 'text' | 'port' | 'count' | 'switch' | 'list';

export interface Setting {
  readonly kind: SettingKind;
  readonly default: string | null;
  /** One sentence for `--help` and the reference. */
  readonly about: string;
  /** The only values there are; absent where any fits the kind. */
  readonly values?: readonly string[];
  /** Not shown, whatever it is set to. */
  readonly secret?: true;
}

/**
 * Every setting there is: `api-port` is the flag `--api-port`, the variable `KEYHOUSE_API_PORT` and the key `apiPort` of
 * the configuration file. Flags win over variables, variables over the file, the file over the default.
 */
export const SETTINGS = {
  'data-dir': { kind: 'text', default: './keyhouse-data', about: 'Folder of the SQLite store; one process owns it.' },
  'secrets-dir': {
    kind: 'text',
    default: null,
    about:
      'Folder of pepper, witness, identity keys and audit keys, kept apart from the data; <data-dir>.secrets when not set.',
  },
  'database-url': {
    kind: 'text',
    default: null,
    about: 'postgres://… for several processes on one store; the data folder holds everything when not set.',
    secret: true,
  },
  profile: {
    kind: 'text',
    default: null,
    about: `A preset (${Object.keys(presets).join(', ')}) or the path of a profile file, applied at start if it never was.`,
  },
  'apply-narrowing': {
    kind: 'switch',
    default: 'false',
    about: 'Apply the given profile even where it refuses what is accepted now.',
  },
  'api-description': {
    kind: 'text',
    default: null,
    about: 'JSON or YAML file that describes your own API as OpenAPI 3.0 or 3.1; /reference then shows that first.',
  },
  'api-host': { kind: 'text', default: '127.0.0.1', about: 'Address the API listens on.' },
  'api-port': { kind: 'port', default: '8000', about: 'Port of the API; 0 takes a free one.' },
  'dashboard-host': { kind: 'text', default: '127.0.0.1', about: 'Address the dashboard listens on.' },
  'dashboard-port': { kind: 'port', default: '4300', about: 'Port of the dashboard; 0 takes a free one.' },
  'dashboard-url': {
    kind: 'text',
    default: null,
    about:
      'Where people reach the dashboard, such as https://keys.example.com, for links to it; its own address when not set.',
  },
  'smtp-url': {
    kind: 'text',
    default: null,
    about:
      'Mail server for invitations and links for a new password, such as smtp://user@mail.example.com:587 or smtps://…; no mail is sent when not set.',
    secret: true,
  },
  'smtp-password': {
    kind: 'text',
    default: null,
    about: 'Password of the user in smtp-url. Not as a flag, which others on the machine would see.',
    secret: true,
  },
  'smtp-password-file': {
    kind: 'text',
    default: null,
    about: 'File that holds that password, where it is not in KEYHOUSE_SMTP_PASSWORD.',
  },
  'smtp-tls': {
    kind: 'text',
    default: null,
    about:
      'How the way to the mail server is encrypted; implicit for smtps://, otherwise starttls, and none to this machine itself, when not set.',
    values: ['starttls', 'implicit', 'none'],
  },
  'smtp-ca': {
    kind: 'text',
    default: null,
    about: 'PEM file of the authority that vouches for the mail server, where it is one of your own.',
  },
  'mail-from': { kind: 'text', default: null, about: 'Address that mails come from, such as keys@example.com.' },
  'mail-from-name': {
    kind: 'text',
    default: null,
    about: 'Name that mails come from; that of the company in the profile when not set.',
  },
  'webhook-networks': {
    kind: 'list',
    default: '',
    about:
      'Networks of your own that webhooks may be sent to, also without TLS, such as 10.20.0.0/16; public addresses alone when empty.',
  },
  'github-reports': {
    kind: 'switch',
    default: 'false',
    about: 'Take reports of leaked tokens from GitHub secret scanning, at /v1/leaks/github.',
  },
  'github-reports-keys': {
    kind: 'text',
    default: 'https://api.github.com/meta/public_keys/secret_scanning',
    about: 'Where the keys are published that such reports are signed with.',
  },
  'oidc-issuer': {
    kind: 'text',
    default: null,
    about:
      'OpenID provider at which people sign in to the dashboard, such as https://login.example.com; no single sign-on when not set.',
  },
  'oidc-client-id': { kind: 'text', default: null, about: 'What the provider calls this Keyhouse.' },
  'oidc-client-secret': {
    kind: 'text',
    default: null,
    about:
      'Secret that goes with it; a public client when there is none. Not as a flag, which others on the machine would see.',
    secret: true,
  },
  'oidc-client-secret-file': { kind: 'text', default: null, about: 'File that holds nothing but that secret.' },
  'oidc-label': { kind: 'text', default: 'Single sign-on', about: 'What stands on the button of the sign-in page.' },
  'oidc-domains': {
    kind: 'list',
    default: '',
    about: 'Domains of which the e-mail address of whoever signs in there must be; any when empty.',
  },
  'oidc-new-user-roles': {
    kind: 'list',
    default: '',
    about:
      'Roles of somebody whom nobody has made a user yet; needs oidc-domains. Only users who are there come in when empty.',
  },
  'oidc-new-user-workspace': {
    kind: 'text',
    default: null,
    about: 'Workspace that new users belong to, by id or external id; your own company when not set.',
  },
  'password-sign-in': {
    kind: 'switch',
    default: 'true',
    about: 'Whether people may sign in with e-mail address and password.',
  },
  upstream: {
    kind: 'text',
    default: null,
    about:
      'The API that the gateway stands in front of, such as http://127.0.0.1:3000; without it there is no gateway.',
  },
  'gateway-host': { kind: 'text', default: '127.0.0.1', about: 'Address the gateway listens on.' },
  'gateway-port': { kind: 'port', default: '8080', about: 'Port of the gateway; 0 takes a free one.' },
  'gateway-key-headers': {
    kind: 'list',
    default: '',
    about:
      'Further headers that may carry the bare token at the gateway, such as x-api-key; the upstream never gets them.',
  },
  'forward-authorization': {
    kind: 'switch',
    default: 'false',
    about: 'Send the token on to the upstream, which then sees every token in the clear.',
  },
  'forward-host': {
    kind: 'switch',
    default: 'false',
    about:
      'Send the Host header of the client on to the upstream, instead of its own; X-Forwarded-Host has it either way.',
  },
  'upstream-connect-seconds': {
    kind: 'count',
    default: '5',
    about: 'How long a connection to the upstream may take; then 504.',
  },
  'upstream-answer-seconds': {
    kind: 'count',
    default: '60',
    about: 'How long the upstream may take to begin its answer; then 504. What follows may take any time.',
  },
  'tls-cert': {
    kind: 'text',
    default: null,
    about: 'PEM file of the certificate chain; every listener then speaks HTTPS.',
  },
  'tls-key': { kind: 'text', default: null, about: 'PEM file of the private key.' },
  'trusted-proxies': {
    kind: 'list',
    default: '',
    about: 'Addresses and networks of proxies whose word about the client address is taken.',
  },
  'client-address-header': {
    kind: 'text',
    default: 'x-forwarded-for',
    about: 'The one header those proxies write; every other one is ignored.',
  },
  'forward-auth-method-header': {
    kind: 'text',
    default: 'x-forwarded-method',
    about: 'The one header in which those proxies tell /forward-auth the method of the request they ask about.',
  },
  'forward-auth-uri-header': {
    kind: 'text',
    default: 'x-forwarded-uri',
    about: 'The one header in which they tell its path and query, as the client sent them.',
  },
  'identity-audience': {
    kind: 'text',
    default: null,
    about:
      'Sign who is asking for the API behind a proxy or the gateway (Keyhouse-Identity), for the audience of this name, such as https://api.example.com; unsigned when not set.',
  },
  'identity-issuer': {
    kind: 'text',
    default: 'keyhouse',
    about: 'Who signs it, as those who check it expect.',
  },
  'accept-identity-audience': {
    kind: 'text',
    default: null,
    about:
      'Believe trusted proxies a Keyhouse-Identity for the audience of this name: what a Keyhouse in front has charged is not charged again. Nobody is believed when not set.',
  },
  'accept-identity-keys': {
    kind: 'text',
    default: null,
    about:
      'URL of the key set of the Keyhouse in front (…/.well-known/jwks.json); the keys of the secrets folder when not set.',
  },
  'audit-sink': {
    kind: 'text',
    default: null,
    about:
      'Where signed checkpoints of the audit log are kept apart from the store: a file to append to, or an https:// address to post to; in the store alone when not set.',
  },
  'audit-sink-token': {
    kind: 'text',
    default: null,
    about: 'Bearer token for that address. Not as a flag, which others on the machine would see.',
    secret: true,
  },
  'access-log-one-in': {
    kind: 'text',
    default: '100',
    about: 'Of accepted requests one in so many is kept in the access log; 1 keeps up to 50 a second, 0 keeps none.',
  },
  'access-log-days': {
    kind: 'count',
    default: '30',
    about: 'For how long these are kept, addresses included.',
  },
  'insecure-http': {
    kind: 'switch',
    default: 'false',
    about:
      'Listen beyond loopback without TLS and without a trusted proxy. Tokens then cross the network in the clear.',
  },
  environments: {
    kind: 'list',
    default: 'live',
    about: 'Environments whose tokens the API accepts.',
    values: ['live', 'test'],
  },
  'cached-tokens-max': {
    kind: 'count',
    default: '200000',
    about: 'Tokens whose facts are kept in memory, about 450 bytes each.',
  },
  'log-level': {
    kind: 'text',
    default: 'info',
    about: 'Least severe entries that are logged.',
    values: ['debug', 'info', 'warn', 'error'],
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

export function variableOf(name: SettingName): string {
  return `KEYHOUSE_${name.toUpperCase().replaceAll('-', '_')}`;
}

export function fileKeyOf(name: SettingName): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
