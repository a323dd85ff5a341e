/** Prevents a server that says it mails and does not: after a kill, behind TLS, or with its secrets in a log. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { setUpInstallation } from '../cli/command.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type MailServerOptions, startMailServer } from './mail-server.ts';

const CANARY = 'pine4pple-canary-of-the-mail-password';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startServer(options?: MailServerOptions) {
  const server = await startMailServer(options);
  closing.push(() => server.close());
  return server;
}

/** Takes connections and never says a word. */
async function startSilence(): Promise<{
  readonly port: number;
  readonly isAsked: () => boolean;
  stop(): Promise<void>;
}> {
  let isAsked = false;
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer((socket) => {
    isAsked = true;
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as { port: number }).port, isAsked: () => isAsked, stop };
}

const mailThrough = (port: number) => ({
  KEYHOUSE_SMTP_URL: `smtp://127.0.0.1:${port}`,
  KEYHOUSE_MAIL_FROM: 'keys@example.com',
});

describe('the guide to mail', () => {
  it('sets up, sends and lists as it prints', async () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/mail.md'), 'utf8');
    const lines = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap((match) => String(match[1]).trim().split('\n'));
    const { run, folder } = await setUpInstallation();
    writeFileSync(join(folder, 'mail-password'), `${CANARY}\n`);
    const server = await startServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        done(password === CANARY ? null : new Error('no'), { user: username as string }),
    });
    const env: Record<string, string> = {};
    for (const line of lines) {
      const [, name, value] = /^export (\w+)=(\S+)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) {
        env[name] = value
          .replace('mail.example.com', `127.0.0.1:${server.port}`)
          .replace('/run/secrets/', `${folder}/`);
        continue;
      }
      const words = line.split(/\s+/);
      expect(words.slice(0, 2)).toEqual(['npx', 'keyhouse']);
      expect(await run(words.slice(2), { env }), line).toMatchObject({ code: 0 });
    }
    const [mail] = server.received;
    expect(mail).toMatchObject({ to: 'ops@example.com', user: 'keys' });
    expect(mail?.text).toContain('https://keys.example.com');
  });
});

describe('keyhouse serve with mail', () => {
  it('sends after a kill what it had not handed over, and writes down nothing of it', { timeout: 60_000 }, async () => {
    const installation = await setUpInstallation();
    const silence = await startSilence();
    const first = await installation.serve([], { env: mailThrough(silence.port) });
    const invited = await installation.run(['user', 'invite', 'grace@example.com', '--roles', 'member']);
    expect(invited.stdout).toMatch(/^A mail to grace@example\.com is on its way/);
    await eventually(silence.isAsked, 20_000, 'the mail server is asked');
    first.process.signal('SIGKILL');
    await first.process.waitForEnd();
    await silence.stop();

    const server = await startServer();
    const second = await installation.serve([], { env: mailThrough(server.port) });
    const { text } = await server.mailTo('grace@example.com');
    const [, address, secret = ''] = /^(http\S+)\/invitation#(khcl_live_\w{32})\r$/m.exec(text) ?? [];
    expect(address).toBe(second.dashboard);
    const mail = await eventually(
      async () => {
        const { data } = await installation.json(['mail', 'list']);
        return data.find(({ state }: { state: string }) => state === 'sent') ?? null;
      },
      20_000,
      'the mail is sent',
    );
    expect(mail).toMatchObject({ to: 'grace@example.com', template: 'invitation', attempts: 2, last_error: null });
    expect(JSON.stringify(mail)).not.toContain(secret);
    const listed = await installation.run(['mail', 'list']);
    expect(listed.stdout).toMatch(/invitation +grace@example\.com +sent +2/);
    const accepted = await fetch(`${second.dashboard}/v1/invitations/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: second.dashboard, 'keyhouse-dashboard': '1' },
      body: JSON.stringify({ secret, name: 'Grace', password: 'four words of my own' }),
    });
    expect(accepted.status).toBe(201);
    expect(server.received).toHaveLength(1);
    const written = [first, second].map((one) => one.process.stdout() + one.process.stderr()).join();
    expect(written).not.toContain(secret);
  });

  it('says at start what is wrong with how mail is set up, and never the password', async () => {
    const { run } = await setUpInstallation();
    const env = { KEYHOUSE_SMTP_URL: `smtp://mail.example.com/${CANARY}`, KEYHOUSE_SMTP_PASSWORD: CANARY };
    const refused = await run(['serve'], { env });
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain('KEYHOUSE_SMTP_URL: is not the address of a mail server');
    expect(refused.stderr).toContain('mailFrom: must be the address that mails come from');
    const flag = await run(['serve', '--smtp-url', `smtp://keys:${CANARY}@mail.example.com`], {
      env: { KEYHOUSE_MAIL_FROM: 'keys@example.com' },
    });
    expect(flag.stderr).toContain('holds a password, which everybody on this machine would see');
    const shown = await run(['config'], { env });
    const injected = await run(['serve'], {
      env: { KEYHOUSE_SMTP_URL: 'smtp://127.0.0.1', KEYHOUSE_MAIL_FROM: 'keys@example.com\r\nBcc: eve@example.com' },
    });
    expect(injected.code).toBe(78);
    expect([refused, flag, shown, injected].map(({ stdout, stderr }) => stdout + stderr).join()).not.toContain(CANARY);
  });
});

suiteNeeding(['openssl'], 'mail over TLS', () => {
  it('goes to a server whose certificate is trusted, signed in, and to no other', { timeout: 60_000 }, async () => {
    const { run, folder } = await setUpInstallation();
    const [key, cert] = [join(folder, 'mail.key'), join(folder, 'mail.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', ...subject], {
      stdio: 'ignore',
    });
    const signedIn: MailServerOptions = {
      key: readFileSync(key),
      cert: readFileSync(cert),
      authOptional: false,
      disabledCommands: [],
      onAuth({ username, password }, _session, done) {
        if (password === CANARY) done(null, { user: username as string });
        else done(Object.assign(new Error(`535 5.7.8 ${password} is wrong`), { responseCode: 535 }));
      },
    };
    const [starttls, implicit] = [await startServer(signedIn), await startServer({ ...signedIn, secure: true })];
    const passwordFile = join(folder, 'mail-password');
    writeFileSync(passwordFile, `${CANARY}\n`);
    const ran = [];
    for (const [scheme, { port }, extra] of [
      ['smtp', starttls, { KEYHOUSE_SMTP_TLS: 'starttls' }],
      ['smtps', implicit, {}],
    ] as const) {
      const env = {
        KEYHOUSE_SMTP_URL: `${scheme}://keys%40example.com@localhost:${port}`,
        KEYHOUSE_SMTP_PASSWORD_FILE: passwordFile,
        KEYHOUSE_MAIL_FROM: 'keys@example.com',
        ...extra,
      };
      const trusting = { ...env, KEYHOUSE_SMTP_CA: cert };
      const to = `${scheme}@example.com`;
      const sent = await run(['mail', 'test', '--to', to], { env: trusting });
      expect(sent, sent.stderr).toMatchObject({ code: 0 });
      const stranger = await run(['mail', 'test', '--to', to], { env });
      expect(stranger).toMatchObject({ code: 1 });
      ran.push(sent, stranger);
      if (scheme === 'smtps') continue;
      const wrong = await run(['doctor'], { env: { ...trusting, KEYHOUSE_SMTP_PASSWORD: `${CANARY}-not` } });
      expect(wrong.stdout).toMatch(/PROBLEM +mail +localhost:\d+: The mail server refused user and password: 535/);
      ran.push(wrong);
    }
    const plain = await startServer();
    const downgraded = await run(['mail', 'test', '--to', 'plain@example.com'], {
      env: { ...mailThrough(plain.port), KEYHOUSE_SMTP_TLS: 'starttls' },
    });
    expect(downgraded).toMatchObject({ code: 1 });
    expect(plain.received).toEqual([]);
    for (const server of [starttls, implicit]) {
      expect(server.received).toMatchObject([{ isEncrypted: true, user: 'keys@example.com' }]);
    }
    expect(ran.map(({ stdout, stderr }) => stdout + stderr).join()).not.toContain(CANARY);
  });
});
