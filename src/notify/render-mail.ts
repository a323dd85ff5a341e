import type { Palette } from '../guide/index.ts';
import type { Company } from '../profile/index.ts';
import type { MailContent } from './templates.ts';

/** What surrounds the words of every mail of one company. */
export interface Frame {
  readonly company: Pick<Company, 'name' | 'supportEmail' | 'supportUrl'>;
  /** `https:` or `cid:`; null writes the company's name. */
  readonly logo: string | null;
  readonly palettes: { readonly light: Palette; readonly dark: Palette };
  /** Where the button leads. */
  readonly link: string | null;
}

/** Text for a header: without anything that could end its line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

export function renderText(
  { heading, paragraphs, lists = [], button, facts, closing }: MailContent,
  frame: Frame,
): string {
  const { company, link } = frame;
  const help = helpOf(company);
  const blocks = [
    oneLine(heading),
    ...paragraphs.map(oneLine),
    ...lists.map(({ title, lines }) =>
      [`${title}:`, ...lines.map(({ label, note, link }) => `- ${oneLine(label)}: ${oneLine(note)}\n  ${link}`)].join(
        '\n',
      ),
    ),
    ...(facts.length === 0 ? [] : [facts.map(([name, value]) => `${name}: ${oneLine(value)}`).join('\n')]),
    ...(button === null || link === null ? [] : [`${button}:\n${link}`]),
    closing,
    `-- \n${company.name}${help === null ? '' : `\nQuestions: ${help.label}`}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/**
 * Nested blocks and inline colours, which every mail program shows; one style element for those that know dark mode. No
 * script, nothing loaded but the logo.
 */
export function renderHtml(content: MailContent, { company, logo, palettes, link }: Frame): string {
  const { light, dark } = palettes;
  const help = helpOf(company);
  const paragraph = (text: string, style = '') => `<p style="margin:0 0 16px;${style}">${escapeHtml(text)}</p>`;
  const brand =
    logo === null
      ? `<span style="font-size:18px;font-weight:600">${escapeHtml(company.name)}</span>`
      : `<img src="${escapeHtml(logo)}" alt="${escapeHtml(company.name)}" height="32" style="height:32px;max-width:220px;border:0;display:block">`;
  const lists = (content.lists ?? []).map(
    ({ title, lines }) =>
      `<h2 style="margin:24px 0 8px;font-size:16px;font-weight:600">${escapeHtml(title)}</h2>\n<ul style="margin:0 0 16px;padding:0 0 0 20px;word-break:break-word">${lines
        .map(
          ({ label, link: page, note }) =>
            `<li style="margin:0 0 6px"><a class="link" href="${escapeHtml(page)}" style="color:${light.accent}">${escapeHtml(oneLine(label))}</a><br><span class="soft" style="font-size:14px;color:${light.soft}">${escapeHtml(oneLine(note))}</span></li>`,
        )
        .join('')}</ul>`,
  );
  const facts = content.facts
    .map(
      ([name, value]) =>
        `<div><span class="soft" style="color:${light.soft}">${escapeHtml(name)}:</span> ${escapeHtml(oneLine(value))}</div>`,
    )
    .join('');
  const button =
    content.button === null || link === null
      ? ''
      : `<p style="margin:24px 0"><a class="button" href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background-color:${light.accent};color:${light['on-accent']};font-weight:600;text-decoration:none">${escapeHtml(content.button)}</a></p>`;
  const address =
    link === null
      ? ''
      : `<p class="soft" style="margin:16px 0 0;font-size:13px;color:${light.soft}">If the button does not work, open this address:<br><a class="link" href="${escapeHtml(link)}" style="color:${light.accent};word-break:break-all">${escapeHtml(link)}</a></p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(oneLine(content.subject))}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: ${dark.paper} !important; color: ${dark.ink} !important; }
  .card { background-color: ${dark.raised} !important; border-color: ${dark.line} !important; }
  .facts { background-color: ${dark.code} !important; }
  .soft { color: ${dark.soft} !important; }
  .link { color: ${dark.accent} !important; }
  .button { background-color: ${dark.accent} !important; color: ${dark['on-accent']} !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:${light.raised};color:${light.ink}">
<div class="page" style="background-color:${light.raised};color:${light.ink};padding:32px 16px;font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:0 auto">
<div style="margin:0 4px 20px">${brand}</div>
<div class="card" style="background-color:${light.paper};border:1px solid ${light.line};border-radius:12px;padding:32px">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600">${escapeHtml(content.heading)}</h1>
${[...content.paragraphs.map((text) => paragraph(text)), ...lists].join('\n')}
${facts === '' ? '' : `<div class="facts" style="margin:0 0 16px;padding:12px 16px;border-radius:8px;background-color:${light.code};font-size:14px;word-break:break-word">${facts}</div>`}
${button}
<p class="soft" style="margin:0;font-size:14px;color:${light.soft}">${escapeHtml(content.closing)}</p>
${address}
</div>
<p class="soft" style="margin:20px 4px 0;font-size:13px;color:${light.soft}">${escapeHtml(company.name)}${help === null ? '' : ` · Questions? <a class="link" href="${escapeHtml(help.href)}" style="color:${light.accent}">${escapeHtml(help.label)}</a>`}</p>
</div>
</div>
</body>
</html>
`;
}

function helpOf({
  supportEmail,
  supportUrl,
}: Frame['company']): { readonly label: string; readonly href: string } | null {
  if (supportEmail !== null) return { label: supportEmail, href: `mailto:${supportEmail}` };
  return supportUrl === null ? null : { label: supportUrl, href: supportUrl };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
