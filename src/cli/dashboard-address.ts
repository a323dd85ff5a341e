import type { Config } from '../server/operator.ts';

/** Where people reach the dashboard, as far as this machine's configuration says it. */
export function dashboardOf({ dashboard, dashboardUrl, tls }: Config): string {
  if (dashboardUrl !== null) return dashboardUrl;
  const host = dashboard.host.includes(':') ? `[${dashboard.host}]` : dashboard.host;
  return `${tls === null ? 'http' : 'https'}://${host}:${dashboard.port}`;
}
