import type { DenialReason } from '../policy/index.ts';
import { type ErrorBody, readErrorBody } from './error-body.ts';
import { OUR_DENIALS } from './our-denials.ts';
import type { Profile } from './profile.ts';
import { readSentence, type Sentence, type SentenceWords } from './sentence.ts';

/** One reason's row, its sentences read. */
export interface ReadDenial {
  readonly status: number;
  readonly code: string;
  readonly title: Sentence;
  readonly message: Sentence;
  /** What we would say ourselves: exact where the company's own sentence is not. */
  readonly exact: Sentence;
  /** Whether the company's document prints it. */
  readonly isPrinted: boolean;
}

/** A profile's way of saying no, read once. */
export interface ReadErrorDialect {
  readonly contentType: string;
  readonly body: ErrorBody;
  /** Whether the body has a place for the list of what is wrong with an input. */
  readonly listsErrors: boolean;
  readonly denials: ReadonlyMap<DenialReason, ReadDenial>;
  /** Words that are the same in every answer. */
  readonly words: SentenceWords;
  readonly realm: string;
}

const dialects = new WeakMap<Profile, ReadErrorDialect>();

/** The profile's error dialect. A profile never changes, so each one is read once. */
export function errorDialectOf(profile: Profile): ReadErrorDialect {
  const before = dialects.get(profile);
  if (before !== undefined) return before;
  const dialect = readErrorDialect(profile);
  dialects.set(profile, dialect);
  return dialect;
}

function readErrorDialect({ company, errors, words }: Profile): ReadErrorDialect {
  const body = readErrorBody(errors.body);
  const denials = new Map<DenialReason, ReadDenial>();
  for (const [reason, row] of Object.entries(errors.denials) as [
    DenialReason,
    (typeof errors.denials)[DenialReason],
  ][]) {
    denials.set(reason, {
      status: row.status,
      code: row.code,
      title: readSentence(row.title),
      message: readSentence(row.message),
      exact: readSentence(OUR_DENIALS[reason].message),
      isPrinted: row.source === 'document',
    });
  }
  return {
    contentType: errors.contentType,
    body: body.fill,
    listsErrors: body.words.has('errors'),
    denials,
    words: {
      docs_url: errors.docsUrl,
      api_url: company.apiBaseUrl,
      support_url: company.supportUrl,
      support_email: company.supportEmail,
      company: company.name,
      token_word: words.token,
    },
    realm: errors.realm,
  };
}
