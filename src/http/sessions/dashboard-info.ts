import { firstCommandOf } from '../../guide/index.ts';
import { isEncrypted } from '../base-url.ts';
import type { DashboardParts } from '../dashboard.ts';
import { type Answer, type DoorRequest, jsonAnswer } from '../door.ts';
import { neutralProfile } from '../neutral-profile.ts';

/** What the page must know before anybody has signed in: whose dashboard it is, in which words, and how one gets in. */
export async function dashboardInfo(parts: DashboardParts, request: DoorRequest): Promise<Answer> {
  const { profile } = parts.engine.authenticator.profile;
  const { company, words } = profile;
  const { variable, command, testCommand } = firstCommandOf(profile, parts.apiUrl());
  const info = {
    is_set_up: await parts.isSetUp(),
    company: {
      name: company.name,
      slug: company.slug,
      logo_url: company.logoUrl,
      accent_colour: company.accentColour,
      support_url: company.supportUrl,
      support_email: company.supportEmail,
    },
    words,
    paths: { tokens: neutralProfile(profile).paths.tokens },
    sign_in: { password: true, password_reset: parts.sendsMail ?? false, single_sign_on: [] },
    api_url: parts.apiUrl(),
    first_command: { variable, command, test_command: testCommand },
    insecure: !isEncrypted(request, parts.trust),
  };
  return jsonAnswer(200, info, { 'Cache-Control': 'no-store' });
}
