import type { Credentials, DashboardHouse } from './house.ts';

/** Somebody who was invited with these permissions or roles, and has set a password. */
export async function addMember(
  { call, dashboard }: DashboardHouse,
  email: string,
  may: { readonly permissions?: readonly string[]; readonly roles?: readonly string[]; readonly workspace_id?: string },
): Promise<Credentials> {
  const { link } = await call<{ link: string }>('POST', '/v1/invitations', { email, ...may });
  const password = 'four words of their own';
  const answer = await fetch(`${dashboard}/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: dashboard, 'Keyhouse-Dashboard': '1' },
    body: JSON.stringify({ secret: link.split('#')[1], password }),
  });
  if (answer.status !== 201) throw new Error(`accepting answered ${answer.status}: ${await answer.text()}`);
  return { email, password };
}
