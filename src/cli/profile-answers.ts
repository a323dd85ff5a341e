import { type Answers, type ApiDraft, draftProfile, profileText, suggestPrefixes } from '../profile/draft/index.ts';
import { checkProfile, type Profile } from '../profile/index.ts';
import type { Call } from './call.ts';
import { CommandFailure } from './failure.ts';
import { PROFILE_FLAGS } from './profile-flags.ts';
import { QUESTIONS, type Question } from './profile-questions.ts';
import { askVisible } from './secret-input.ts';
import { printable } from './terminal.ts';

/** What a draft is made from. */
export interface Origin {
  readonly name: string;
  readonly preset: Profile;
  readonly api: ApiDraft | null;
}

/**
 * Everything a new company is asked: from the flags, and for the rest from whoever sits at the terminal, else the usual
 * answer. An answer is checked when it comes; one that cannot be is asked for again.
 * @throws {CommandFailure} a flag that cannot be, flags that are missing without a terminal, or Ctrl-C.
 */
export async function gatherAnswers(call: Call, origin: Origin): Promise<Answers> {
  const given = new Map(QUESTIONS.map((question) => [question, call.option<string>(optionName(question))] as const));
  if (!call.terminal.isInteractive) refuseMissing(given);
  let answers: Partial<Answers> = {};
  for (const question of QUESTIONS) {
    const flag = given.get(question);
    if (flag !== undefined) answers = { ...answers, [question.key]: fromFlag(origin, answers, question, flag) };
  }
  for (const question of QUESTIONS) {
    if (given.get(question) !== undefined) continue;
    const value = call.terminal.isInteractive
      ? await asked(call, origin, answers, question)
      : usualAnswer(origin, answers, question);
    answers = { ...answers, [question.key]: value };
  }
  return answers as Answers;
}

function refuseMissing(given: ReadonlyMap<Question, string | undefined>): void {
  const missing = QUESTIONS.filter((question) => question.isNeeded && given.get(question) === undefined);
  if (missing.length === 0) return;
  const flags = missing.map(({ key }) => PROFILE_FLAGS[key].flags).join(' and ');
  throw new CommandFailure('usage', `Nobody can be asked here, so this needs ${flags}.`);
}

function fromFlag(origin: Origin, answers: Partial<Answers>, question: Question, text: string): unknown {
  const read = question.reads(text.trim());
  const problem = read === undefined ? `It must be ${question.takes}.` : problemWith(origin, answers, question, read);
  if (problem === null) return read;
  throw new CommandFailure('usage', printable(`${PROFILE_FLAGS[question.key].flags.split(' ')[0]}: ${problem}`));
}

/** The usual answer where it can be one, as with what a document says; else nothing where nothing may be said. */
function usualAnswer(origin: Origin, answers: Partial<Answers>, question: Question): unknown {
  const text = question.usual({ ...origin, answers });
  const read = text === null ? undefined : question.reads(text);
  if (read !== undefined && problemWith(origin, answers, question, read) === null) return read;
  const none = question.reads('none');
  if (none === null) return none;
  throw new CommandFailure('usage', `This needs ${PROFILE_FLAGS[question.key].flags}.`);
}

async function asked(call: Call, origin: Origin, answers: Partial<Answers>, question: Question): Promise<unknown> {
  const { terminal } = call;
  let offered = offer(origin, answers, question);
  let warnedOf: unknown;
  for (;;) {
    const typed = (await askVisible(terminal, `${question.asks}${offered === null ? '' : ` [${offered}]`}`)).trim();
    const text = typed === '' ? (offered ?? '') : typed;
    const read = question.reads(text);
    const problem = read === undefined ? `It must be ${question.takes}.` : problemWith(origin, answers, question, read);
    if (problem !== null) {
      terminal.err(printable(`  ${problem}\n`));
      continue;
    }
    const warning = warningAbout(origin, answers, question, read);
    if (warning === null || warnedOf === read) return read;
    terminal.err(printable(`  ${warning}\n`));
    if (question.key !== 'prefix') return read;
    const free = suggestPrefixes(answers.name ?? '', answers.environments ?? []);
    terminal.err(`  Nobody else's tokens begin with ${free.join(', ')}. Type ${String(read)} again to keep it.\n`);
    offered = free[0] ?? null;
    warnedOf = read;
  }
}

/** The usual answer as it stands in brackets; none where it could not be taken. */
function offer(origin: Origin, answers: Partial<Answers>, question: Question): string | null {
  const text = question.usual({ ...origin, answers });
  const read = text === null ? undefined : question.reads(text);
  if (text === null || read === undefined) return null;
  return problemWith(origin, answers, question, read) === null ? printable(text) : null;
}

function problemWith(origin: Origin, answers: Partial<Answers>, { key }: Question, value: unknown): string | null {
  return checked(origin, { ...answers, [key]: value }).problems[0]?.message ?? null;
}

/** What is odd about a value, where it is this value that is odd. */
function warningAbout(origin: Origin, answers: Partial<Answers>, { key }: Question, value: unknown): string | null {
  const before = new Set(checked(origin, answers).warnings.map(({ path }) => path));
  const warnings = checked(origin, { ...answers, [key]: value }).warnings;
  return warnings.find(({ path }) => !before.has(path))?.message ?? null;
}

/** The draft as far as it is known, with answers that are always right for the rest. */
function checked({ name, preset, api }: Origin, answers: Partial<Answers>) {
  const neutral: Answers = {
    company: 'Company',
    name: 'company',
    supportUrl: null,
    supportEmail: null,
    signInUrl: null,
    apiBaseUrl: null,
    environments: preset.token.environments,
    prefix: 'company',
    grants: ['inherit'],
    lifetime: null,
    onePerOwner: preset.onePerOwner,
    selfService: preset.selfService,
    tokenWord: preset.words.token,
    tokensPath: preset.paths.tokens,
  };
  // Rules of routes are many, take long to compare, and depend on no answer.
  const quick = api === null ? null : { ...api, routes: [] };
  const { file } = draftProfile({ name, preset }, { ...neutral, ...answers }, quick);
  return checkProfile(profileText(file));
}

/** `--support-url <address>` is `supportUrl` among the options of a call. */
function optionName({ key }: Question): string {
  const [flag = ''] = PROFILE_FLAGS[key].flags.slice(2).split(' ');
  return flag.replace(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
}
