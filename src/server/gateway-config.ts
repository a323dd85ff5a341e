import type { SettingName } from './settings.ts';

/** The gateway as it is configured. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  /** Origin alone. */
  readonly upstream: URL;
  /** In lower case. */
  readonly keyHeaders: readonly string[];
  readonly forwardsToken: boolean;
  readonly keepsHost: boolean;
  readonly connectMs: number;
  readonly answerMs: number;
}

/** Names that no token can stand in: they are about the connection, or are read as something else. */
const NO_KEY = /^(?:authorization|cookie|host|connection|content-.*|transfer-encoding|keyhouse-.*|x-forwarded-.*)$/;

/** null where no upstream is set, and where what is set is wrong: `problem` is told then. */
export function readGateway(
  given: (name: SettingName) => string | null,
  problem: (name: SettingName, message: string) => void,
): GatewayConfig | null {
  const text = given('upstream');
  if (text === null) return null;
  const upstream = readOrigin(text);
  if (upstream === null) {
    problem(
      'upstream',
      `${withoutSecrets(text)} is no origin such as http://127.0.0.1:3000: scheme, host and port, without a path, because requests are sent on under the path they were judged by.`,
    );
  }
  const keyHeaders = (given('gateway-key-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  for (const name of keyHeaders) {
    if (!/^[a-z0-9-]+$/.test(name) || NO_KEY.test(name))
      problem('gateway-key-headers', `${name} is no header that can carry a token of its own.`);
  }
  if (upstream === null) return null;
  return {
    host: given('gateway-host') as string,
    port: Number(given('gateway-port')),
    upstream,
    keyHeaders,
    forwardsToken: given('forward-authorization') === 'true',
    keepsHost: given('forward-host') === 'true',
    connectMs: Number(given('upstream-connect-seconds')) * 1_000,
    answerMs: Number(given('upstream-answer-seconds')) * 1_000,
  };
}

function readOrigin(text: string): URL | null {
  if (!/^https?:\/\/[^/?#@\s]+\/?$/i.test(text) || !URL.canParse(text)) return null;
  return new URL(text);
}

function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//…@');
}
