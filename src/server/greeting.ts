/** What a start tells the person who started it. */
export interface Greeting {
  readonly api: string;
  readonly dashboard: string;
  /** null without an upstream. */
  readonly gateway: string | null;
  readonly upstream: string | null;
  readonly data: string;
  readonly secrets: string;
  readonly profile: string;
  /** How to become the first admin, while there is none; good once and for 30 minutes. */
  readonly setup_code: string | null;
}

export function printGreeting(greeting: Greeting, print: (text: string) => void): void {
  const { api, dashboard, gateway, upstream, data, secrets, profile, setup_code: code } = greeting;
  print(`
  Keyhouse is running.

    API         ${api}          reference at ${api}/reference
    Dashboard   ${dashboard}${dashboard.startsWith('http:') ? '          plain HTTP: good on this machine, and nowhere else' : ''}${gateway === null ? '' : `\n    Gateway     ${gateway}          in front of ${upstream}`}
    Data        ${data}
    Secrets     ${secrets}
                Keep a copy of this folder apart from the data: without it every token is lost.
    Profile     ${profile}
`);
  if (code === null) return;
  print(`
  There is no admin yet. Open this link, good once and for 30 minutes:

    ${dashboard}/set-up#${code}

  or without a browser:

    curl ${api}/v1/setup -H 'Content-Type: application/json' \\
      -d '{"code":"${code}","email":"you@example.com","password":"a long one of your own","workspace":"Example"}'

  The answer holds the first management token, once. Then:

    curl ${api}/v1/auth/test -H "Authorization: Bearer $TOKEN"
`);
}
