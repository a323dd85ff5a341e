/** A browser as far as signing in elsewhere needs one: cookies of each origin, and redirects followed one by one. */
export class SmallBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async get(url: string): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { ...(cookie !== '' && { cookie }) } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /;\s*max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** Follows redirects until one leads to an address for which `isThere`. @returns that address, not visited yet. */
  async follow(url: string, isThere: (url: URL) => boolean): Promise<URL> {
    let at = new URL(url);
    for (let steps = 0; steps < 10; steps += 1) {
      if (isThere(at)) return at;
      const answer = await this.get(at.href);
      const location = answer.headers.get('location');
      await answer.body?.cancel();
      if (location === null) throw new Error(`${at.origin}${at.pathname} answered ${answer.status} and led nowhere`);
      at = new URL(location, at);
    }
    throw new Error('redirected in circles');
  }
}
