import { describe, expect, it } from 'vitest';
import { type Profile, presets } from '../profile/index.ts';
import { composeMail } from './compose-mail.ts';
import { sendFailedOf } from './send-failed.ts';

const HOSTILE = 'Eve\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>\u2028"\'&';
const PICTURE = 'data:image/png;base64,iVBORw0KGgo=';

function stationeryOf(company: Partial<Profile['company']>) {
  const profile = presets.hosting as Profile;
  return {
    profile: { ...profile, company: { ...profile.company, ...company } },
    from: { address: 'keys@example.com', name: null },
    dashboardUrl: 'https://keys.example.com',
  };
}

const mailWith = (template: string, data: Record<string, string>) => ({
  id: 'mal_1',
  template,
  to: 'ada@example.com',
  data,
  createdAt: Date.UTC(2027, 0, 15),
});

describe('a mail', () => {
  it('row 20: has one line in each header and no markup but its own, whatever stands in a name or a browser', () => {
    const invitation = composeMail(
      mailWith('invitation', { workspace: HOSTILE }),
      '/invitation#secret',
      stationeryOf({ name: HOSTILE }),
    );
    const notice = composeMail(
      mailWith('new_sign_in', { ip: HOSTILE, browser: `${HOSTILE} Firefox/1 on Linux` }),
      null,
      stationeryOf({}),
    );
    const due = composeMail(
      mailWith('rotation_due', { name: HOSTILE, hint: HOSTILE, due_at: HOSTILE, ends_at: HOSTILE }),
      '/claim#secret',
      stationeryOf({}),
    );
    for (const mail of [invitation, notice, due]) {
      expect(`${mail?.subject}${mail?.from.name}${mail?.messageId}`).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(mail?.html).not.toContain('<script');
    }
    expect(notice?.text).toContain('Browser: Firefox on Linux');
    expect(invitation?.html).toContain('href="https://keys.example.com/invitation#secret"');
  });

  it('is in the company’s branding: its logo travels along, or is fetched over TLS, or its name stands there', () => {
    const test = mailWith('test', {});
    const inside = composeMail(test, null, stationeryOf({ logoUrl: PICTURE }));
    expect(inside?.attachments).toMatchObject([{ type: 'image/png' }]);
    expect(inside?.html).toContain(`src="cid:${inside?.attachments[0]?.cid}"`);
    const remote = composeMail(test, null, stationeryOf({ logoUrl: 'https://www.example.com/logo.png' }));
    expect(remote?.html).toContain('src="https://www.example.com/logo.png"');
    const inTheClear = composeMail(test, null, stationeryOf({ logoUrl: 'http://www.example.com/logo.png' }));
    expect(inTheClear?.html).not.toContain('<img');
    expect(inTheClear?.html).toMatch(/support@example\.com.*<\/a>/);
    expect(composeMail(mailWith('toString', {}), null, stationeryOf({}))).toBeNull();
  });
});

describe('what is said of a mail that was not taken', () => {
  it('has the answer of the server without secrets, addresses, links and control characters', () => {
    const response = '550 5.7.1 <ada@example.com>\r\nhttps://keys.example.com/x#khcl_live_00 pass=hunter22';
    const failed = sendFailedOf(
      Object.assign(new Error('no'), { command: 'DATA', code: 'EMESSAGE', responseCode: 550, response }),
      ['hunter22'],
    );
    expect(failed).toMatchObject({
      isFinal: true,
      message: 'The mail server did not take the mail: 550 5.7.1 <…> … pass=…',
    });
  });
});
