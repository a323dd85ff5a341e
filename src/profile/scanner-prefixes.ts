import type { TokenFormat } from '../token/index.ts';

/** How credentials of well-known services begin, as the rules of public secret scanners know them. */
const TAKEN: readonly (readonly [begins: RegExp, service: string])[] = [
  [/^(?:[prs]k_(?:live|test)_|whsec_)/, 'Stripe'],
  [/^(?:gh[opsur]|github)_/, 'GitHub'],
  [/^gl(?:pat|dt|rt|cbt|ptt|ft|agent|oas|soat|imt|ffct)_/, 'GitLab'],
  [/^(?:xox[a-z]|xapp)_/, 'Slack'],
  [/^a(?:kia|sia|3t|gpa|ida|roa|ipa|npa|nva)_/, 'Amazon Web Services'],
  [/^(?:aiza|ya29|gocspx)_/, 'Google'],
  [/^sk_/, 'OpenAI and others'],
  [/^npm_/, 'npm'],
  [/^pypi_/, 'PyPI'],
  [/^rubygems_/, 'RubyGems'],
  [/^dckr_/, 'Docker'],
  [/^sg_/, 'SendGrid'],
  [/^shp(?:at|ca|pa|ss)_/, 'Shopify'],
  [/^do[oprt]_/, 'DigitalOcean'],
  [/^hf_/, 'Hugging Face'],
  [/^cf(?:ut|at|k)_/, 'Cloudflare'],
  [/^zpka_/, 'Zuplo'],
  [/^hv[sbr]_/, 'HashiCorp Vault'],
  [/^gl(?:sa|c)_/, 'Grafana'],
  [/^ph[cx]_/, 'PostHog'],
  [/^(?:ntn|secret)_/, 'Notion'],
  [/^figd_/, 'Figma'],
  [/^lin_/, 'Linear'],
  [/^sbp_/, 'Supabase'],
  [/^pscale_/, 'PlanetScale'],
  [/^dapi_/, 'Databricks'],
  [/^pul_/, 'Pulumi'],
  [/^re_/, 'Resend'],
  [/^r8_/, 'Replicate'],
  [/^nfp_/, 'Netlify'],
  [/^fo1_/, 'Fly.io'],
  [/^eyj_/, 'JSON Web Tokens'],
];

/** Whose credentials begin like tokens of this format, or null. */
export function ownerOfPrefix({ prefix, environments }: Pick<TokenFormat, 'prefix' | 'environments'>): string | null {
  const leads =
    environments.length > 0 ? environments.map((environment) => `${prefix}_${environment}_`) : [`${prefix}_`];
  return TAKEN.find(([begins]) => leads.some((lead) => begins.test(lead)))?.[1] ?? null;
}
