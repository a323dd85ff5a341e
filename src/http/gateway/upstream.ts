import { Agent, type ClientRequest, type RequestOptions, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

/** Sockets nobody uses are closed before most servers close them, so that few requests meet one that is just going. */
const IDLE_MS = 4_000;
const IDLE_SOCKETS_MAX = 256;
const ANSWER_HEAD_BYTES_MAX = 64 * 1024;

/** The one server behind the gateway. */
export interface Upstream {
  /** As `Host` has it. */
  readonly host: string;
  /** Begins a request with exactly these field lines. */
  request(method: string, target: string, fields: readonly string[]): ClientRequest;
  close(): void;
}

/** @param url origin alone: `http://127.0.0.1:3000`. With https its certificate must be one that this system trusts. */
export function openUpstream(url: URL): Upstream {
  const isTls = url.protocol === 'https:';
  const options = { keepAlive: true, timeout: IDLE_MS, maxFreeSockets: IDLE_SOCKETS_MAX };
  const agent = isTls ? new TlsAgent(options) : new Agent(options);
  const place: RequestOptions = {
    agent,
    // In brackets an IPv6 address is a host of a URL; a socket takes it bare.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    maxHeaderSize: ANSWER_HEAD_BYTES_MAX,
    insecureHTTPParser: false,
  };
  return {
    host: url.host,
    request(method, target, fields) {
      const asked = { ...place, method, path: target, headers: fields };
      const begun = isTls ? tlsRequest(asked) : request(asked);
      // Lines beyond this count would be dropped without a word.
      begun.maxHeadersCount = 0;
      return begun;
    },
    close: () => agent.destroy(),
  };
}
