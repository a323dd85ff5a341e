/** The reference of denials, made of the profiles that come with Keyhouse: profile by reason, with no empty cell. */
import { DENIAL_REASONS, type DenialReason } from '../src/policy/index.ts';
import { type DenialToRender, type Profile, presets, renderDenial } from '../src/profile/index.ts';
import { code, table } from './render-commands.ts';

export function renderDenials(): string {
  return `${[
    INTRODUCTION,
    '## Every reason',
    table(['reason', 'when', 'header line that tells it'], DENIAL_REASONS.map(reasonRow)),
    HEADERS,
    '## Profile by reason',
    table(['', ...Object.keys(presets).map(code)], DENIAL_REASONS.map(matrixRow)),
    MATRIX,
    ...Object.values(presets).map(profileSection),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Denials

<!-- Written by tools/generate-reference.ts from the profiles in src/profile/presets. -->

A request is refused for one of ten reasons. Each profile says all ten in its own words: some come from its company's document,
the others are ours. What a body may not say, because the document prints one body for several reasons, a header line says in
every profile.`;

const WHEN: Readonly<Record<DenialReason, string>> = {
  authentication_required: 'No credential came, or one of another scheme, or only one in the address.',
  invalid_request: 'The credential cannot be read: two of them, an empty one, a tab for the space.',
  invalid_token: 'Mistyped, unknown, revoked, disabled, replaced, of another environment, or its owner is stopped.',
  token_expired: 'The token was valid and its time is over.',
  ip_restricted: 'The token is for other addresses.',
  insufficient_permissions: 'The token, or its owner by now, lacks a permission that the request needs.',
  ambiguous_path: 'A route rule guards the path, and the path can be read in more than one way.',
  no_matching_rule: 'Route rules are in force and none is about this request.',
  rate_limited: 'A window of the token’s limits is full; nothing was spent.',
  authority_unavailable: 'The decision could not be taken. Nothing is let through for that.',
};

const HEADERS = `\`WWW-Authenticate\` follows RFC 6750: no \`error\` where no credential came, and none where it has no code for the
reason. \`error_description\` is the sentence of the neutral profile with the company's word for a token, and what is wrong with
this very credential where that was found. \`scope\` names every permission that the request needs. \`Retry-After\` counts seconds.
Every refusal also has \`X-Request-Id\` and \`Cache-Control: no-store\`.`;

const MATRIX = `The number is the status; *document* marks a sentence of the company's own document, everything else is ours. Below, bodies
are shown as they are sent, for a request that needs the second permission of the profile's catalogue.`;

function reasonRow(reason: DenialReason): readonly string[] {
  const { headers } = renderDenial(presets.keyhouse as Profile, sampleOf(presets.keyhouse as Profile, reason));
  const [name, value] = Object.entries(headers).find(([key]) => /^(?:WWW-Authenticate|Retry-After)$/.test(key)) ?? [];
  return [code(reason), WHEN[reason], code(`${name}: ${value}`)];
}

function matrixRow(reason: DenialReason): readonly string[] {
  const cells = Object.values(presets).map(({ errors }) => {
    const { status, source } = errors.denials[reason];
    return source === 'document' ? `${status} *document*` : String(status);
  });
  return [code(reason), ...cells];
}

function profileSection(profile: Profile): string {
  const { company, errors } = profile;
  const rows = DENIAL_REASONS.map((reason) => {
    const { status, body } = renderDenial(profile, sampleOf(profile, reason));
    const row = errors.denials[reason];
    return [code(reason), String(status), code(row.code), code(JSON.stringify(body)), row.source];
  });
  return [
    `## ${profile.name}`,
    `${company.name}: ${code(errors.contentType)}, realm ${code(errors.realm)}.`,
    table(['reason', 'status', 'code', 'body', 'words'], rows),
  ].join('\n\n');
}

function sampleOf({ catalogue }: Profile, reason: DenialReason): DenialToRender {
  const permission = catalogue === 'open' ? 'servers:write' : (catalogue[1]?.permission ?? '');
  const isLimit = reason === 'rate_limited';
  return { reason, missing: [permission], requestId: 'req_…', ...(isLimit && { retryAfterSeconds: 42 }) };
}
