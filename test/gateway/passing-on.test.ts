import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchange, requestText } from '../http/raw-socket.ts';
import { type GatewayHouse, openGatewayHouse } from './house.ts';
import { OK } from './recording-upstream.ts';

let house: GatewayHouse;
beforeAll(async () => {
  house = await openGatewayHouse();
});
afterAll(() => house.close());
beforeEach(() => {
  house.upstream.forget();
  house.upstream.answer = OK;
});

const send = (firstLine: string, lines: readonly string[] = [], body = '') =>
  exchange(house.port, requestText(firstLine, [`Authorization: Bearer ${house.token}`, ...lines], body), {
    answers: 1,
  });

describe('a request that may pass', () => {
  it('reaches the upstream with the path and query that were judged, and without the token', async () => {
    const { statuses, text } = await send('GET /v1/servers/%C3%A4/x%20y?a=1&b=%2F..%00;#x HTTP/1.1', [
      'Accept: text/plain',
    ]);
    expect(text).toMatch(/\r\n\r\nok$/);
    expect(statuses).toEqual([200]);
    expect(house.upstream.text()).toMatch(/^GET \/v1\/servers\/%C3%A4\/x%20y\?a=1&b=%2F\.\.%00;#x HTTP\/1\.1\r\n/);
    expect(house.upstream.text()).not.toContain(house.token);
    expect(house.upstream.text()).toContain('\r\nAccept: text/plain\r\n');
  });
});
