import { DENIAL_REASONS, type DenialReason } from '../policy/index.ts';
import { denialTitle, type RenderedDenial, renderDenial, renderRejection, statusText } from '../profile/index.ts';
import { diagnose } from '../token/index.ts';
import type { Block, Prose, Row, Section } from './document.ts';
import { causesOf } from './error-causes.ts';
import { code, link, plain, prose, sample, stacked, strong } from './prose.ts';
import type { Subject } from './subject.ts';

/** Named in printed answers; every real one has another. */
const EXAMPLE_REQUEST_ID = 'req_4n2aZq8C4n2aZq8C4n2aZq';
const EXAMPLE_RETRY_SECONDS = 30;

/** The example of a header that cannot be read. */
const HEADER_SENT_TWICE = ['Authorization', '', 'Authorization', ''];

/** Every way in which this company says no, as it says it. Anchors are its codes. */
export function errors(subject: Subject): Section {
  const { voice } = subject;
  const entries = DENIAL_REASONS.map((reason) => entryOf(reason, subject));
  const { denials } = subject.profile.errors;
  const names = entries.map(({ reason }) => denials[reason].code);
  const ids = anchorsOf(names);
  const codes = showsCodes(subject) ? names : [];
  return {
    id: 'refusals',
    title: prose`When a request is refused`,
    blocks: [
      { is: 'paragraph', text: reading(subject) },
      {
        is: 'table',
        columns: [prose`Status`, prose`What it says`, prose`What is wrong`],
        rows: entries.map(({ rendered, title }, index) => ({
          cells: [
            statusCell(rendered.status, codes[index] ?? null),
            prose`${rendered.message}`,
            prose`${link(title, `#${ids[index]}`)}`,
          ],
        })),
      },
      ...entries.flatMap((entry, index) => describe(entry, ids[index] ?? '', subject)),
      ...rejected(subject, new Set(ids)),
      {
        is: 'note',
        text: prose`In a program: stop at 401 and 403, since the same request will be refused again until somebody looks at the ${voice.token}; wait and repeat at 429 and 503, as long as ${code('Retry-After')} says and a little longer each time.`,
      },
    ],
  };
}

function statusCell(status: number, name: string | null): Prose {
  return stacked([code(String(status)), ...(name === null ? [] : [code(name)])]);
}

/** Whether an integrator ever sees the code of an error. */
export function showsCodes({ profile }: Subject): boolean {
  return /"\$code"|\{code\}/.test(JSON.stringify(profile.errors.body));
}

interface Entry {
  readonly reason: DenialReason;
  readonly title: string;
  readonly rendered: RenderedDenial;
}

function entryOf(reason: DenialReason, { profile, voice }: Subject): Entry {
  const permission = examplePermission(profile.catalogue);
  const rendered = renderDenial(profile, {
    reason,
    requestId: EXAMPLE_REQUEST_ID,
    ...(reason === 'insufficient_permissions' && { missing: [permission] }),
    ...(reason === 'rate_limited' && { retryAfterSeconds: EXAMPLE_RETRY_SECONDS }),
    ...(reason === 'invalid_request' && {
      help: diagnose(HEADER_SENT_TWICE, profile.token, { tokenWord: voice.token }),
    }),
  });
  return { reason, title: denialTitle(profile, reason), rendered };
}

/** One that a token may well lack. */
function examplePermission(catalogue: Subject['profile']['catalogue']): string {
  if (catalogue === 'open') return 'servers:write';
  return (catalogue.find(({ permission }) => !permission.endsWith(':read')) ?? catalogue[0])?.permission ?? '';
}

/** A company may use one code for several refusals: the first has the anchor that links lead to. */
function anchorsOf(codes: readonly string[]): string[] {
  const ids: string[] = [];
  for (const wanted of codes) {
    let id = wanted;
    for (let count = 2; ids.includes(id); count++) id = `${wanted}-${count}`;
    ids.push(id);
  }
  return ids;
}

function reading({ profile, voice }: Subject) {
  const help =
    profile.company.supportUrl === null && profile.company.supportEmail === null
      ? []
      : prose` Name its ${code('X-Request-Id')} when you ask for help.`;
  const exact = prose`Where several refusals look alike, the ${code('error_description')} in the ${code('WWW-Authenticate')} header says which it is.`;
  return prose`A refusal never repeats the ${voice.token}, so an answer can be logged and shown. ${exact}${help}`;
}

function describe({ reason, title, rendered }: Entry, id: string, subject: Subject): Block[] {
  const { causes, advice } = causesOf(reason, subject);
  const only = causes.length === 1 ? causes[0] : undefined;
  return [
    { is: 'heading', id, text: prose`${title}` },
    { is: 'code', sample: sample('http', answerText(rendered)) },
    ...(only === undefined
      ? ([
          { is: 'paragraph', text: prose`${strong('Why.')} One of these:` },
          { is: 'list', items: causes },
        ] as const)
      : ([{ is: 'paragraph', text: prose`${strong('Why.')} ${only}` }] as const)),
    { is: 'paragraph', text: prose`${strong('What to do.')} ${advice}` },
  ];
}

/** As it comes over the wire, without the fields that every answer has. */
function answerText({ status, headers, body }: RenderedDenial): string {
  const shown = ['Content-Type', 'WWW-Authenticate', 'Retry-After', 'X-Request-Id'];
  const lines = shown.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${headers[name]}`]));
  return [`HTTP/1.1 ${status} ${statusText(status)}`, ...lines, '', JSON.stringify(body, null, 2)].join('\n');
}

/** What the token endpoints say besides. */
function rejected(subject: Subject, taken: ReadonlySet<string>): Block[] {
  const { profile, rejections, voice } = subject;
  if (rejections.length === 0) return [];
  const hasCode = showsCodes(subject);
  const [first] = rejections;
  const rows = rejections.map((rejection): Row => {
    const { code: name, status, message } = rejection;
    return {
      ...(!taken.has(name) && { id: name }),
      cells: [statusCell(status, hasCode ? name : null), plain(message)],
    };
  });
  const example = first && renderRejection(profile, { ...first, requestId: EXAMPLE_REQUEST_ID });
  return [
    { is: 'heading', id: 'other-refusals', text: prose`About the ${voice.tokens} themselves` },
    {
      is: 'paragraph',
      text: prose`The endpoints that check, rotate and revoke ${voice.tokens} have some refusals of their own, in a body of the same form:`,
    },
    ...(example === undefined
      ? []
      : [{ is: 'code' as const, sample: sample('json', JSON.stringify(example.body, null, 2)) }]),
    {
      is: 'table',
      columns: [prose`Status`, prose`What it says`],
      rows,
    },
  ];
}
