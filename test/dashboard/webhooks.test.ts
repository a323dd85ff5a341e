/** Prevents a webhook whose secret is seen twice or never, and deliveries that failed while the dashboard keeps silent. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { isSignedWith, type Received, type Receiver, startReceiver } from '../webhooks/receiver.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

suiteNeeding('chromium', 'the webhook pages', () => {
  let receiver: Receiver;
  let house: DashboardHouse;
  beforeAll(async () => {
    receiver = await startReceiver();
    house = await openDashboardHouse({ variables: { KEYHOUSE_WEBHOOK_NETWORKS: '127.0.0.0/8' } });
  }, 60_000);
  afterAll(async () => {
    await house?.close();
    await receiver?.close();
  });

  it('row 17: make one, show its secret once, test it and send again', { timeout: 90_000 }, async () => {
    const { page, expectQuiet, expectAccessible, close } = await house.visitSignedIn('/');
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByText('Nobody is told yet').waitFor();
    await page.getByRole('button', { name: 'Create webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('https://10.0.0.1/');
    await dialog.getByLabel('Everything').uncheck();
    await dialog.getByLabel('token.revoked').check();
    await expectAccessible();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('must not lead to a private, local or reserved address').waitFor();
    await dialog.getByLabel('Address').fill(receiver.url);
    await dialog.getByRole('button', { name: 'Create' }).click();

    const shown = page.getByLabel('Your new secret');
    const secret = await shown.inputValue();
    expect(secret).toMatch(/^whsec_/);
    await expectAccessible();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await shown.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: `127.0.0.1:${receiver.port}/hooks` }).click();
    await page.getByText('Nothing to tell yet').waitFor();
    expect(await page.content()).not.toContain(secret);

    await page.getByRole('button', { name: 'Send a test' }).click();
    expect(isSignedWith(secret, await receiver.untilReceived(1))).toBe(true);
    const row = page.getByRole('row').filter({ hasText: 'webhook.test' });
    await row.waitFor();
    await page.reload();
    await row.getByText('Delivered', { exact: true }).waitFor();
    await row.getByText('Answered 204').waitFor();
    await expectAccessible();
    await row.getByRole('button', { name: 'Send again: webhook.test' }).click();
    const again = await receiver.untilReceived(2);
    expect(again.headers['webhook-id']).toBe((receiver.received[0] as Received).headers['webhook-id']);

    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('button', { name: 'Disable' }).click();
    await page.getByText('It is told nothing any more.').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('main').getByRole('button', { name: 'Enable' }).waitFor();
    expectQuiet();
    await close();
  });
});
