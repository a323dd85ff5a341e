/** How the credentials of well-known services begin. First match wins, so a longer beginning stands before a shorter. */
const BEGINNINGS: readonly (readonly [begins: RegExp, service: string])[] = [
  [/^(?:gh[opsur]_|github_pat_)/, 'GitHub'],
  [/^gl(?:pat|dt|rt|cbt|ptt|ft|agent|oas|soat)-/, 'GitLab'],
  [/^(?:xox[a-z]-|xapp-)/, 'Slack'],
  [/^(?:AKIA|ASIA)[0-9A-Z]{12}/, 'Amazon Web Services'],
  [/^(?:[prs]k_(?:live|test)_|whsec_)/, 'Stripe'],
  [/^sk-ant-/, 'Anthropic'],
  [/^sk-[0-9A-Za-z]/, 'OpenAI'],
  [/^(?:AIza|ya29\.)/, 'Google'],
  [/^npm_/, 'npm'],
  [/^pypi-/, 'PyPI'],
  [/^SG\./, 'SendGrid'],
  [/^shp(?:at|ca|pa|ss)_/, 'Shopify'],
  [/^do[oprt]_v1_/, 'DigitalOcean'],
  [/^hf_/, 'Hugging Face'],
  [/^cf(?:ut|at|k)_/, 'Cloudflare'],
];

/** The service a credential was probably made by, or null. It only reads how the text begins. */
export function otherService(text: string): string | null {
  return BEGINNINGS.find(([begins]) => begins.test(text))?.[1] ?? null;
}

/** Whether this is a JSON Web Token: the base64url of `{"` and a dot somewhere behind it. */
export function isJsonWebToken(text: string): boolean {
  return /^eyJ[\w-]*(?:\.|$)/.test(text);
}
