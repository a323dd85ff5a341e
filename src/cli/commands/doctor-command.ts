import type { Config, InstallationFacts } from '../../server/operator.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { type Finding, judgeInstallation, judgeListeners, judgeStore, type StoreCheck } from '../diagnosis.ts';
import { asFailure, EXIT_CODES } from '../failure.ts';
import { SETTING_OPTIONS } from '../options.ts';
import { jsonText, printable } from '../terminal.ts';

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  about: 'Look for what is wrong with an installation, and say what to do about it.',
  details:
    'Looks at Node.js, configuration, API description, OpenID provider, folders, secrets, owner, audit chain, clock, disk, TLS, ' +
    'addresses and mail server. Changes nothing; it works whether a server runs or not. The exit code is 1 when there is a problem.',
  options: SETTING_OPTIONS,
  examples: ['keyhouse doctor', 'keyhouse doctor --json'],
  reach: 'here',
  async run(call) {
    const findings = await examine(call);
    const isSound = findings.every(({ status }) => status !== 'problem');
    if (call.isJson) call.terminal.out(`${jsonText({ ok: isSound, checks: findings })}\n`);
    else call.terminal.out(printable(inWords(findings, isSound)));
    return isSound ? EXIT_CODES.ok.number : EXIT_CODES.refused.number;
  },
};

async function examine(call: Call): Promise<readonly Finding[]> {
  const { hasStore, inspectInstallation, strangeVariables } = await import('../../server/operator.ts');
  let config: Config;
  try {
    config = await call.config();
  } catch (error) {
    return [{ check: 'configuration', status: 'problem', message: asFailure(error).message }];
  }
  const facts: InstallationFacts = inspectInstallation(config);
  const strange = strangeVariables(call.terminal.env).map(
    (name): Finding => ({ check: 'configuration', status: 'warning', message: `${name} is no setting of Keyhouse.` }),
  );
  const before = [
    ...judgeInstallation(facts),
    ...strange,
    ...(await examineDescription(config)),
    ...judgeListeners(config, facts),
    ...(await examineMail(config)),
    ...(await examineSingleSignOn(config)),
  ];
  if (!hasStore(config)) {
    return [
      ...before,
      { check: 'store', status: 'warning', message: 'There is no store yet. Make one: keyhouse init' },
    ];
  }
  return [...before, ...(await examineStore(call, facts))];
}

/** The file as the next start will find it. */
async function examineDescription({ apiDescriptionFile }: Config): Promise<readonly Finding[]> {
  if (apiDescriptionFile === null) return [];
  const { readApiDescription } = await import('../../server/operator.ts');
  const check = 'API description';
  try {
    await readApiDescription(apiDescriptionFile, { isHere: false });
    return [{ check, status: 'ok', message: `${apiDescriptionFile} can be shown.` }];
  } catch (error) {
    return [{ check, status: 'problem', message: asFailure(error).message }];
  }
}

/** Connects and signs in, and sends nothing. */
async function examineMail({ mail }: Config): Promise<readonly Finding[]> {
  if (mail === null) return [];
  const { tryMail } = await import('../../server/operator.ts');
  const { host, port } = mail.smtp;
  const check = 'mail';
  try {
    await tryMail(mail, null);
    return [{ check, status: 'ok', message: `${host}:${port} answers, and lets Keyhouse in.` }];
  } catch (error) {
    return [{ check, status: 'problem', message: `${host}:${port}: ${asFailure(error).message}` }];
  }
}

/** Whether the provider is there, and who it says it is. What it makes of the client shows at a first sign-in alone. */
async function examineSingleSignOn({ oidc }: Config): Promise<readonly Finding[]> {
  if (oidc === null) return [];
  const { tryOpenIdProvider } = await import('../../server/operator.ts');
  const check = 'single sign-on';
  try {
    const issuer = await tryOpenIdProvider(oidc);
    return [{ check, status: 'ok', message: `${issuer} answers.` }];
  } catch (error) {
    return [{ check, status: 'problem', message: `${oidc.issuer.href}: ${asFailure(error).message}` }];
  }
}

/** Through the owner, or by opening it: that it opens at all says that pepper and witness fit. */
async function examineStore(call: Call, facts: InstallationFacts): Promise<readonly Finding[]> {
  try {
    const check = (await call.ask({ method: 'GET', path: '/v1/local/check' })).json as StoreCheck;
    return judgeStore(check, facts, call.isThroughServer === true);
  } catch (error) {
    return [{ check: 'store', status: 'problem', message: asFailure(error).message }];
  }
}

function inWords(findings: readonly Finding[], isSound: boolean): string {
  const mark = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' };
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, status, message }) => {
    const [first, ...rest] = message.split('\n');
    const indent = ' '.repeat(width + 11);
    return [`${mark[status]}  ${check.padEnd(width)}  ${first}`, ...rest.map((line) => indent + line)].join('\n');
  });
  return `${lines.join('\n')}\n\n${isSound ? 'Nothing is broken.' : 'Something is broken: see the lines marked PROBLEM.'}\n`;
}
