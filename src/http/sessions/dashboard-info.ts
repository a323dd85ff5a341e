import { firstCommandOf } from '../../guide/index.ts';
import type { DashboardParts } from '../dashboard.ts';
import { type Answer, type DoorRequest, jsonAnswer } from '../door.ts';
import { neutralProfile } from '../neutral-profile.ts';
import { isReachedByTls } from './reached-by-tls.ts';

/** What the page must know before anybody has signed in: whose dashboard it is, in which words, and how one gets in. */
export async function dashboardInfo(parts: DashboardParts, request: DoorRequest): Promise<Answer> {
  const { profile } = parts.engine.authenticator.profile;
  const { company, words } = profile;
  const { singleSignOn = null, passwordSignIn: hasPasswords = true } = parts;
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
    sign_in: {
      password: hasPasswords,
      password_reset: hasPasswords && (parts.sendsMail ?? false),
      single_sign_on: singleSignOn === null ? [] : [{ id: singleSignOn.id, label: singleSignOn.label }],
    },
    api_url: parts.apiUrl(),
    first_command: { variable, command, test_command: testCommand },
    insecure: !isReachedByTls(parts, request),
  };
  return jsonAnswer(200, info, { 'Cache-Control': 'no-store' });
}
