import { type Environment, readShape, type Shape, type TokenFormat, UNIQUE_LENGTH } from './format.ts';
import { isJsonWebToken, otherService } from './other-services.ts';
import { isPlaceholder, isUnsetVariable } from './placeholder.ts';

/** What was sent where a token belongs, and what is known about the place. */
export interface SentText {
  readonly text: string;
  readonly shape: Shape;
  readonly format: TokenFormat;
  /** What a token is called inside a sentence. */
  readonly word: string;
  readonly sampleTokens: readonly string[];
  /** The environment of the door, or null when it is not known. */
  readonly environment: Environment | null;
}

/** One usual accident: its sentence if it happened, otherwise null. No sentence ever holds any part of the text. */
type Accident = (sent: SentText) => string | null;

/** What can be wrong with a text of the right shape and checksum. */
const WITH_WHOLE_TEXT: readonly Accident[] = [sampleOfDocumentation, anotherKind, anotherEnvironment];

/** What can be wrong with any other text. An accident that hides others stands before them. */
const WITH_DAMAGED_TEXT: readonly Accident[] = [
  sampleOfDocumentation,
  unsetVariable,
  quoted,
  bracketed,
  placeholder,
  brokenApart,
  shortened,
  percentEncoded,
  lookAlike,
  identifier,
  changedCase,
  beginningMissing,
  anotherEnvironment,
  incomplete,
  tooLong,
  mistyped,
  jsonWebToken,
  anotherService,
];

/** The sentence of the first accident that explains the text, or null. */
export function diagnoseText(sent: SentText): string | null {
  const accidents = sent.shape.is === 'ours' ? WITH_WHOLE_TEXT : WITH_DAMAGED_TEXT;
  for (const accident of accidents) {
    const sentence = accident(sent);
    if (sentence !== null) return sentence;
  }
  return null;
}

function sampleOfDocumentation({ text, word, sampleTokens }: SentText): string | null {
  return sampleTokens.includes(text)
    ? `This is the sample ${word} of the documentation; replace it with one of your own.`
    : null;
}

function anotherKind({ shape, word }: SentText): string | null {
  if (shape.is !== 'ours' || shape.kind === 'token' || shape.kind === 'access') return null;
  return `This value is not made for API requests; send the ${word} itself.`;
}

function anotherEnvironment({ text, shape, format, word, environment }: SentText): string | null {
  const isForeign = shape.is === 'foreign';
  const named = isForeign ? null : environmentNamed(text);
  const isServed = environment === null ? named === null || format.environments.includes(named) : named === environment;
  if (named === null || isServed) return null;
  return `This ${word} belongs to another environment than the one that was called; use one made for this one.`;
}

function placeholder({ text, shape, word }: SentText): string | null {
  const rest = shape.is === 'foreign' ? text : uniquePart(text);
  return isPlaceholder(text, rest)
    ? `A placeholder stands where the ${word} belongs; replace it with the ${word}.`
    : null;
}

function unsetVariable({ text, word }: SentText): string | null {
  return isUnsetVariable(text)
    ? `The variable that should hold the ${word} was not set when the request was sent.`
    : null;
}

function quoted({ text, word }: SentText): string | null {
  return /^["'`\u2018-\u201f\u00ab\u00bb]|["'`\u2018-\u201f\u00ab\u00bb]$/.test(text)
    ? `Quotation marks stand around the ${word}; send it without them.`
    : null;
}

function bracketed({ text, format, word }: SentText): string | null {
  const bare = text.replace(/^[<[({]{1,2}/, '').replace(/[>\])}]{1,2}$/, '');
  return bare !== text && readShape(bare, format).is !== 'foreign'
    ? `Brackets stand around the ${word}; send it without them.`
    : null;
}

function brokenApart({ text, word }: SentText): string | null {
  return /[\s\p{Cc}\p{Cf}]|\\[nrt]|%0[9ad]|%20/iu.test(text)
    ? `There is white space, a line break or an invisible character in the ${word}; send it as one unbroken piece.`
    : null;
}

function shortened({ text, word }: SentText): string | null {
  return /\u2026|\u2022{2}|\.{3}|\*{3}/.test(text)
    ? `This is the shortened form that lists show; send the whole ${word}, which was shown when it was created.`
    : null;
}

function percentEncoded({ text, word }: SentText): string | null {
  return /%[0-9a-f]{2}/i.test(text) ? `The ${word} was percent-encoded; send it exactly as it was shown.` : null;
}

function lookAlike({ text, word }: SentText): string | null {
  return /\P{ASCII}/u.test(text)
    ? `The ${word} holds a character that no ${word} has, perhaps a look-alike of a letter; copy it again.`
    : null;
}

function identifier({ text, shape, word }: SentText): string | null {
  return shape.is === 'foreign' && /^(?:tok|key|lin|own|usr|wsp|req)_[0-9A-Za-z]{6,32}$/.test(text)
    ? `This is an identifier, not the ${word} itself, which was shown once when it was created.`
    : null;
}

function changedCase({ text, shape, format, word }: SentText): string | null {
  const unique = uniquePart(text);
  const oneCase = unique.length === UNIQUE_LENGTH && (!/[a-z]/.test(unique) || !/[A-Z]/.test(unique));
  const isOneCase = shape.is === 'broken' && shape.problem === 'checksum' && oneCase;
  const isUpperPrefix = shape.is === 'foreign' && readShape(text.toLowerCase(), format).is !== 'foreign';
  return isOneCase || isUpperPrefix
    ? `Capital and small letters of the ${word} were changed; send it exactly as it was shown.`
    : null;
}

function beginningMissing({ text, shape, format, word }: SentText): string | null {
  if (shape.is !== 'foreign') return null;
  const places = format.environments.length === 0 ? [''] : format.environments.map((name) => `${name}_`);
  const beginnings = places.flatMap((place) => [`${format.prefix}_${place}`, `${format.prefix}_`]);
  return beginnings.some((beginning) => readShape(beginning + text, format).is === 'ours')
    ? `The beginning of the ${word} is missing; copy it whole.`
    : null;
}

function incomplete({ text, shape, word }: SentText): string | null {
  return isWrongLength(shape) && uniquePart(text).length < UNIQUE_LENGTH
    ? `The end of the ${word} is missing; copy it whole.`
    : null;
}

function tooLong({ text, shape, word }: SentText): string | null {
  return isWrongLength(shape) && uniquePart(text).length > UNIQUE_LENGTH
    ? `There are too many characters in the ${word}; something else was pasted along with it.`
    : null;
}

function mistyped({ shape, word }: SentText): string | null {
  return shape.is === 'broken' ? `The ${word} was mistyped; copy it again, whole.` : null;
}

function jsonWebToken({ text, word }: SentText): string | null {
  return isJsonWebToken(text) ? `This is a JSON Web Token; send the ${word} that was created for this API.` : null;
}

function anotherService({ text, word }: SentText): string | null {
  const service = otherService(text);
  return service === null
    ? null
    : `This looks like a credential of ${service}; send the ${word} that was created for this API.`;
}

function isWrongLength(shape: Shape): boolean {
  return shape.is === 'broken' && shape.problem === 'length';
}

/** What follows prefix, kind marker and environment. A prefix has no underscore, so the first one ends it. */
function uniquePart(text: string): string {
  return text.slice(text.indexOf('_') + 1).replace(/^(?:live|test)_/, '');
}

function environmentNamed(text: string): Environment | null {
  const named = /^[^_]*_(live|test)_/.exec(text)?.[1];
  return named === 'live' || named === 'test' ? named : null;
}
