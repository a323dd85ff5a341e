import { createHash } from 'node:crypto';
import type { Engine } from '../manage/index.ts';
import { generateToken, type Kind } from '../token/index.ts';

/** A secret that stands for one thing: a session, a link. Its format is that of the company's tokens, of another kind. */
export function newSecret(engine: Pick<Engine, 'authenticator' | 'random'>, kind: Kind): string {
  const format = engine.authenticator.profile.profile.token;
  return generateToken(format, kind, format.environments[0] ?? null, engine.random);
}

/** What is stored of a secret of full entropy: SHA-256, hex. */
export function digestSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
