import { mkdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createKeyhouse, type Keyhouse, type KeyhouseOptions } from 'keyhouse';

/** What makes an example a company of its own. */
export interface Company {
  /** The name of the example's folder. */
  readonly name: string;
  readonly title: string;
  readonly adminEmail: string;
  readonly keyhouse: Pick<KeyhouseOptions, 'profile' | 'apiDescription'>;
  /** Opens what the company keeps, in a folder that is there. */
  readonly open: (keyhouse: Keyhouse, folder: string) => OpenCompany | Promise<OpenCompany>;
  /** A first command to try, on one line. */
  readonly firstCommand: (api: string, token: string) => string;
}

export interface OpenCompany {
  readonly api: RequestListener;
  /**
   * Whether the API asks clients for their bodies itself (`writeContinue`) once it wants them. Otherwise Node asks before
   * the API has seen the request.
   */
  readonly asksForBodies?: true;
  /** @returns null when there are users already. */
  makeFirstStart(): Promise<FirstStart | null>;
  /** Another token like the first one, for whoever has lost it. */
  makeAnotherToken(): Promise<string>;
  close(): void;
}

/** What only the first start can tell: neither the password nor a token is kept in clear anywhere. */
export interface FirstStart {
  readonly password: string;
  readonly token: string;
  /** A token that manages Keyhouse and nothing else, where the first one does not. */
  readonly managementToken: string | null;
}

export interface StartOptions {
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly apiPort: number;
  readonly dashboardPort: number;
  /** Makes a token also when this is not the first start. */
  readonly newToken: boolean;
}

export interface Started {
  readonly api: string;
  readonly dashboard: string;
  /** null on every start but the first. */
  readonly password: string | null;
  /** A token, where this start made one. */
  readonly token: string | null;
  readonly managementToken: string | null;
  close(): Promise<void>;
}

/** Starts a company: its own storage beside Keyhouse's, its API with Keyhouse's routes in it, and the pages for people. */
export async function start(company: Company, options: StartOptions): Promise<Started> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const keyhouse = await createKeyhouse({ ...company.keyhouse, dataDir: join(options.dataDir, 'keyhouse') });
  let open: OpenCompany | null = null;
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
    open?.close();
    await keyhouse.close();
  };
  try {
    open = await company.open(keyhouse, options.dataDir);
    const listen = async (answer: RequestListener, port: number, asksForBodies = false): Promise<string> => {
      const server = createServer(answer);
      keyhouse.answerBrokenRequests(server);
      if (asksForBodies) server.on('checkContinue', answer);
      servers.push(server);
      return listenOn(server, port);
    };
    const first = await open.makeFirstStart();
    const another = first === null && options.newToken ? await open.makeAnotherToken() : null;
    const api = await listen(open.api, options.apiPort, open.asksForBodies);
    const dashboard = await listen(keyhouse.dashboard({ apiUrl: api }), options.dashboardPort);
    return {
      api,
      dashboard,
      password: first?.password ?? null,
      token: first?.token ?? another,
      managementToken: first?.managementToken ?? null,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** On this machine only: what listens to the world speaks TLS, or stands behind something that does. */
function listenOn(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
