/** What this hoster sells, and for how much. Another hoster has another offer. */

export const CURRENCY = 'EUR';

/** For one year, by the ending of the name. */
export const DOMAIN_PRICES_CENTS: Readonly<Record<string, number>> = {
  com: 1_200,
  net: 1_300,
  org: 1_100,
  example: 900,
};

/** For one month. */
export const PLAN_PRICES_CENTS = { starter: 500, business: 1_500, agency: 4_900 } as const;

export type Plan = keyof typeof PLAN_PRICES_CENTS;

export const PLANS = Object.keys(PLAN_PRICES_CENTS) as readonly Plan[];

/** Those of domains whose owner names no others. */
export const NAMESERVERS: readonly string[] = ['ns1.example.com', 'ns2.example.com'];
