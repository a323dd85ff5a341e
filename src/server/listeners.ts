import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CallerOf, type HttpHandler, nodeDoor } from '../http/index.ts';
import type { IpAllowlist } from '../policy/index.ts';
import { answerBrokenRequests } from './broken-requests.ts';
import { checkRuntime } from './check-runtime.ts';
import { capConnections } from './connection-cap.ts';
import { StartRefused } from './start-refused.ts';
import { watchUnused } from './unused-connections.ts';

/** Answers what comes in, as `createHttpHandler` and `createDashboard` do. */
export type Answers = HttpHandler['answer'];

/** One place to listen. */
export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Certificate chain and key in PEM; null serves plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly answer: Answers;
  /** What to say to bytes that are no well-formed request. Default: nothing beyond the status. */
  readonly explainBroken?: HttpHandler['explainBroken'];
}

/** A listener whose requests are passed on, and not answered here. */
export interface GatewayListenerOptions extends Omit<ListenerOptions, 'answer'> {
  /** `asksForBodies`: the client waits to be asked for its body. */
  readonly door: (isDraining: () => boolean) => (asksForBodies: boolean) => RequestListener;
}

export interface ListenersOptions {
  readonly api: ListenerOptions | null;
  readonly dashboard: ListenerOptions | null;
  /** Default none. */
  readonly gateway?: GatewayListenerOptions | null;
  /** The operator's private socket; `listen` puts the server on it. */
  readonly operator: {
    readonly answer: Answers;
    readonly callerOf: CallerOf;
    readonly listen: (server: Server) => Promise<void>;
  } | null;
  /** They bring many clients over few addresses: no cap per address for them. */
  readonly trustedProxies: IpAllowlist | null;
  /** Told first when closing begins, so that readiness fails before anything else changes. */
  readonly onDraining: () => void;
  /** How long listeners go on accepting after readiness has failed, for load balancers to notice. Default 0. */
  readonly announceMs?: number;
  /** How long requests in flight may take to finish. Default 10,000. */
  readonly drainMs?: number;
  readonly timeouts?: Partial<Timeouts>;
}

/** How long a client may take, in milliseconds. */
export interface Timeouts {
  /** For its header lines. Default 5,000. */
  readonly headersMs: number;
  /** For its whole request; the operator's own commands and uploads through a gateway may take longer. Default 10,000. */
  readonly requestMs: number;
  /** Between two requests on one connection. Default 15,000. */
  readonly keepAliveMs: number;
  /** Without reading any of its answer. Default 30,000. */
  readonly silentMs: number;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
}

export interface Listeners {
  readonly api: Listening | null;
  readonly dashboard: Listening | null;
  readonly gateway: Listening | null;
  /** Stops accepting, lets requests in flight finish, then cuts what is left. Closing twice waits for the same end. */
  close(): Promise<void>;
}

const TIMEOUTS: Timeouts = { headersMs: 5_000, requestMs: 10_000, keepAliveMs: 15_000, silentMs: 30_000 };

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  /** What is taken of a body that nobody reads. */
  highWaterMark: 16 * 1024,
  insecureHTTPParser: false,
  requireHostHeader: true,
} as const;

/** How late a timeout may be noticed. */
const TIMEOUT_CHECK_MS = 1_000;
const REQUESTS_PER_CONNECTION_MAX = 10_000;

/**
 * Opens the listeners.
 * @throws {StartRefused} this Node.js may drop header lines.
 * @throws what the system says about an address that cannot be had; nothing is left open then.
 */
export async function startListeners(options: ListenersOptions): Promise<Listeners> {
  const problem = checkRuntime(process.versions.node);
  if (problem !== null) throw new StartRefused(problem);
  const drain = new Drain(options);
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const doorFor = (answer: Answers, callerOf: CallerOf | null) => (asksForBodies: boolean) =>
    nodeDoor(answer, { callerOf, isDraining: () => drain.hasBegun, asksForBodies });
  try {
    const open = async (
      listener: Omit<ListenerOptions, 'answer'>,
      door: Door,
      requestMs = timeouts.requestMs,
    ): Promise<Listening> => {
      const server = build(listener.tls, { ...timeouts, requestMs }, door, listener.explainBroken);
      capConnections(server, options.trustedProxies);
      drain.add(server);
      return listen(server, listener);
    };
    const { gateway: passage = null } = options;
    const api = options.api && (await open(options.api, doorFor(options.api.answer, null)));
    const dashboard = options.dashboard && (await open(options.dashboard, doorFor(options.dashboard.answer, null)));
    const gateway =
      passage &&
      (await open(
        passage,
        passage.door(() => drain.hasBegun),
        0,
      ));
    if (options.operator !== null) {
      const { answer, callerOf } = options.operator;
      const server = build(null, { ...timeouts, requestMs: 0 }, doorFor(answer, callerOf));
      drain.add(server);
      await options.operator.listen(server);
    }
    return { api, dashboard, gateway, close: () => drain.close() };
  } catch (error) {
    await drain.close();
    throw error;
  }
}

type Door = (asksForBodies: boolean) => RequestListener;

function build(
  tls: ListenerOptions['tls'],
  timeouts: Timeouts,
  door: Door,
  explainBroken: HttpHandler['explainBroken'] = () => null,
): Server {
  const limits = {
    ...LIMITS,
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, timeouts.headersMs),
  };
  const server = tls === null ? createServer(limits) : createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' });
  // Lines beyond this count would be dropped without a word: all of them are kept, and the door counts.
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION_MAX;
  server.on('request', door(false));
  // A client that waits for "100 Continue" gets it when its body is read, and its refusal when it is not.
  server.on('checkContinue', door(true));
  // Most answers fit into what the system takes at once: only one that is left over waits for its reader.
  function cutSilentReader(this: ServerResponse): void {
    if (this.socket !== null && this.socket.writableLength > 0) this.socket.setTimeout(timeouts.silentMs);
  }
  for (const event of ['request', 'checkContinue'] as const) {
    server.prependListener(event, (_incoming, outgoing) => void outgoing.once('prefinish', cutSilentReader));
  }
  answerBrokenRequests(server, explainBroken);
  return server;
}

async function listen(server: Server, { host, port, tls }: Omit<ListenerOptions, 'answer'>): Promise<Listening> {
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      listening();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `${tls === null ? 'http' : 'https'}://${name}:${bound}`, port: bound };
}

/**
 * The way out, in order: readiness fails, listeners stop accepting, connections without a request are cut, requests in flight
 * finish, the rest is cut.
 */
class Drain {
  readonly #options: ListenersOptions;
  readonly #servers: { readonly server: Server; readonly cutUnused: () => void }[] = [];
  #closing: Promise<void> | null = null;
  hasBegun = false;

  constructor(options: ListenersOptions) {
    this.#options = options;
  }

  /** Before it listens. */
  add(server: Server): void {
    this.#servers.push({ server, cutUnused: watchUnused(server) });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { announceMs = 0, drainMs = 10_000, onDraining } = this.#options;
    this.hasBegun = true;
    onDraining();
    if (announceMs > 0) await new Promise((resolve) => setTimeout(resolve, announceMs));
    const closed = Promise.all(this.#servers.map(({ server }) => closeServer(server)));
    for (const { cutUnused } of this.#servers) cutUnused();
    const cut = setTimeout(() => {
      for (const { server } of this.#servers) server.closeAllConnections();
    }, drainMs);
    await closed;
    clearTimeout(cut);
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((closed) => {
    if (!server.listening) {
      closed();
      return;
    }
    // Closes idle connections too; busy ones close with their answer.
    server.close(() => closed());
  });
}
