import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as tlsConnect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import { exchange, requestText } from '../../test/http/raw-socket.ts';
import { within } from '../../test/services/deadline.ts';
import { suiteNeeding } from '../../test/services/leftover.ts';
import { localCaller } from '../manage/index.ts';
import { checkRuntime } from './check-runtime.ts';
import { type Answers, type Listeners, type ListenersOptions, startListeners } from './listeners.ts';

function listen(answer: Answers, more: Partial<ListenersOptions> = {}): Promise<Listeners> {
  return startListeners({
    api: { host: '127.0.0.1', port: 0, tls: null, answer },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
    ...more,
  });
}

describe('closing the listeners', () => {
  it('row 98: readiness fails first, what is in flight finishes, and connections close', async () => {
    const house = await openHouse();
    const order: string[] = [];
    let finish: () => void = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let entered: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const slowly: Answers = async (request, callerOf) => {
      entered();
      await finished;
      return house.handler.answer(request, callerOf);
    };
    const listeners = await listen(slowly, { onDraining: () => order.push('draining') });
    const port = listeners.api?.port as number;
    const inFlight = exchange(port, requestText('GET /healthz HTTP/1.1', []));
    await begun;
    const closing = Promise.all([listeners.close(), listeners.close()]).then(() => order.push('closed'));
    expect(order).toEqual(['draining']);
    const late = await exchange(port, requestText('GET /healthz HTTP/1.1', []));
    expect(late.statuses).toEqual([]);
    finish();
    const answer = await inFlight;
    expect(answer.statuses).toEqual([200]);
    expect(answer.text).toMatch(/Connection: close/i);
    await closing;
    expect(order).toEqual(['draining', 'closed']);
    await house.close();
  });
});

describe('a connection on which nothing was asked', () => {
  it('does not hold up who waits for the end', async () => {
    const listeners = await listen(async () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }), {
      drainMs: 600_000,
    });
    const browser = connect(listeners.api?.port as number, '127.0.0.1').on('error', () => {});
    await once(browser, 'connect');
    const cut = once(browser, 'close');
    await exchange(listeners.api?.port as number, requestText('GET / HTTP/1.1', ['Connection: close']));
    await within(listeners.close(), 15_000, 'the listener closes although a browser keeps a connection in store');
    await within(cut, 15_000, 'the connection is cut');
  });
});

describe('slow clients', () => {
  it('row 77: take their time on a connection that is ended for it, in headers as in a body', async () => {
    const house = await openHouse();
    const token = (await house.mint({ permissions: ['keyhouse-tokens:write'] })).value;
    const listeners = await listen(house.handler.answer, {
      timeouts: { headersMs: 100, requestMs: 200, keepAliveMs: 100 },
    });
    const port = listeners.api?.port as number;
    const headers = await exchange(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow:');
    expect(headers).toMatchObject({ statuses: [408], closed: true });
    const lines = [`Authorization: Bearer ${token}`, 'Content-Type: application/json', 'Content-Length: 100'];
    const body = await exchange(port, requestText('POST /v1/tokens HTTP/1.1', lines, '{"name":'));
    expect(body.closed).toBe(true);
    expect(house.faults).toEqual([]);
    const idle = await exchange(port, requestText('GET /healthz HTTP/1.1', []));
    expect(idle).toMatchObject({ statuses: [200], closed: true });
    await listeners.close();
    await house.close();
  });
});

describe('clients that do not read', () => {
  it('row 77: lose their connection, and hold up nobody who waits for the end', async () => {
    const body = Buffer.alloc(64 * 1024 * 1024);
    const listeners = await listen(async () => ({ status: 200, headers: {}, body }), {
      timeouts: { silentMs: 100 },
      drainMs: 600_000,
    });
    const client = connect(listeners.api?.port as number, '127.0.0.1').pause();
    client.on('error', () => {});
    client.write(requestText('GET / HTTP/1.1', []));
    await once(client, 'readable');
    await within(listeners.close(), 15_000, 'the listener closes although a client does not read');
    client.destroy();
  });
});

describe('the private socket', () => {
  it('answers the operator without a token', async () => {
    const house = await openHouse();
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-socket-'));
    const socketPath = join(folder, 'socket');
    const listeners = await listen(house.handler.answer, {
      api: null,
      operator: {
        answer: house.handler.answer,
        callerOf: (circumstances) => localCaller('operator', circumstances),
        listen: (server) => new Promise((listening) => server.listen(socketPath, () => listening())),
      },
    });
    const asked = httpRequest({ socketPath, path: '/v1/tokens?limit=1' }).end();
    const [answer] = await once(asked, 'response');
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(await text(answer))).toMatchObject({ data: [] });
    await listeners.close();
    await house.close();
    rmSync(folder, { recursive: true });
  });
});

describe('listening', () => {
  it('leaves nothing open when one address cannot be had', async () => {
    const house: House = await openHouse();
    const first = await listen(house.handler.answer);
    const port = first.api?.port as number;
    const { answer } = house.handler;
    const taken = { host: '127.0.0.1', port, tls: null, answer };
    await expect(listen(answer, { dashboard: taken })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    await (await listen(answer, { dashboard: taken })).close();
    await house.close();
  });

  it('names addresses the way a browser takes them', async () => {
    const house = await openHouse();
    const { answer } = house.handler;
    const listeners = await listen(answer, { dashboard: { host: '::1', port: 0, tls: null, answer } });
    expect(listeners.dashboard?.url).toBe(`http://[::1]:${listeners.dashboard?.port}`);
    await listeners.close();
    await house.close();
  });
});

describe('the runtime', () => {
  it('row 7: a Node.js that may drop header lines is refused', () => {
    expect(checkRuntime('v20.20.2')).toMatch(/22\.23\.3/);
    expect(checkRuntime('v22.23.2')).not.toBeNull();
    expect(checkRuntime('v22.23.3')).toBeNull();
    expect(checkRuntime('v24.0.0')).toBeNull();
    expect(checkRuntime(process.version)).toBeNull();
  });
});

suiteNeeding('openssl', 'listening with TLS', () => {
  it('answers over TLS 1.2 and newer, and speaks nothing else on that port', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', ...subject], {
      stdio: 'pipe',
    });
    const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    const house = await openHouse();
    const { answer } = house.handler;
    const listeners = await listen(answer, { api: { host: '127.0.0.1', port: 0, tls, answer } });
    const { url, port } = listeners.api as { url: string; port: number };
    expect(url).toBe(`https://127.0.0.1:${port}`);
    const asked = httpsRequest(`${url}/healthz`, { ca: tls.cert }).end();
    const [response] = await once(asked, 'response');
    expect(await text(response)).toBe('{"status":"ok"}');
    const old = tlsConnect({ host: '127.0.0.1', port, ca: tls.cert, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
    await expect(within(once(old, 'secureConnect'), 15_000, 'an answer')).rejects.toThrow();
    expect((await exchange(port, requestText('GET /healthz HTTP/1.1', []))).statuses).not.toContain(200);
    await listeners.close();
    await house.close();
    rmSync(folder, { recursive: true });
  });
});
