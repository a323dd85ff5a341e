import { logoOf, palettesOf } from '../guide/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { MailDraft } from '../ports/index.ts';
import type { Profile } from '../profile/index.ts';
import { oneLine, renderHtml, renderText } from './render-mail.ts';
import { contentOf } from './templates.ts';

/** Who mails come from; the name of the company where none is given. */
export interface Sender {
  readonly address: string;
  readonly name: string | null;
}

/** A mail as it goes out. */
export interface Composed {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly cid: string; readonly type: string; readonly content: Buffer }[];
  /** The same at every attempt, so that a second copy is known for one. */
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly date: number;
  /** The link that lets somebody in, to be kept out of what is said about the mail. */
  readonly link: string | null;
}

export interface Stationery {
  readonly profile: Profile;
  readonly from: Sender;
  /** Of the dashboard, without trailing slash. */
  readonly dashboardUrl: string;
}

/** Logos that mail programs show; they fetch nothing for these. */
const PICTURE = /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/=]+)$/;
const LOGO_CID = 'logo@keyhouse';

/**
 * Writes a mail in the company's words and branding.
 * @param path what the link's secret was sealed with: a page of the dashboard, secret included; null without a link.
 * @returns null for a template that this build does not know.
 */
export function composeMail(
  mail: Pick<MailDraft, 'id' | 'template' | 'to' | 'data' | 'createdAt'>,
  path: string | null,
  { profile, from, dashboardUrl }: Stationery,
): Composed | null {
  const { company, words } = profile;
  const content = contentOf(mail.template, {
    company: company.name,
    tokens: words.tokens,
    data: mail.data,
    at: mail.data.at ?? formatInstant(mail.createdAt),
    dashboardUrl,
  });
  if (content === null) return null;
  const link = path === null ? null : `${dashboardUrl}${path}`;
  const picture = company.logoUrl === null ? null : PICTURE.exec(company.logoUrl);
  const logo = logoOf(company.logoUrl);
  const remote = logo !== null && logo.origin?.startsWith('https:') === true ? logo.url : null;
  const frame = {
    company,
    logo: picture === null ? remote : `cid:${LOGO_CID}`,
    palettes: palettesOf(company.accentColour),
    link: content.button === null ? null : (link ?? dashboardUrl),
  };
  return {
    from: { name: oneLine(from.name ?? company.name), address: from.address },
    to: mail.to,
    subject: oneLine(content.subject),
    text: renderText(content, frame),
    html: renderHtml(content, frame),
    attachments:
      picture === null
        ? []
        : [{ cid: LOGO_CID, type: picture[1] as string, content: Buffer.from(picture[2] as string, 'base64') }],
    messageId: `<${mail.id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    date: mail.createdAt,
    link,
  };
}
