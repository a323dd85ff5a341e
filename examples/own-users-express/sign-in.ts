import { createHmac, timingSafeEqual } from 'node:crypto';
import { type NextFunction, type Request, type RequestHandler, type Response, Router, urlencoded } from 'express';
import type { Pool } from 'pg';
import { html, page } from './html.ts';
import { checkPassword, findUser, PERMISSIONS, type Role, type User } from './users.ts';

declare global {
  namespace Express {
    interface Request {
      /** Who is signed in: by cookie or by JWT. */
      user?: User;
    }
  }
}

const SESSION_SECONDS = 8 * 3600;
const JWT_SECONDS = 900;

/** The application's own ways to sign in: a session cookie for its pages, a JWT for its API. */
export function signInWith(pool: Pool, secret: Buffer) {
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');
  const issue = (kind: 'session' | 'JWT', user: User, seconds: number): string => {
    const body = [
      { alg: 'HS256', typ: kind },
      { sub: user.id, exp: Math.floor(Date.now() / 1000) + seconds },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    return [...body, sign(body.join('.'))].join('.');
  };
  /** The user's id in a signed text of this kind that has not run out; null for anything else. */
  const read = (kind: 'session' | 'JWT', text: string): string | null => {
    const [head = '', claims = '', signature = '', more] = text.split('.');
    const [given, right] = [Buffer.from(signature), Buffer.from(sign(`${head}.${claims}`))];
    if (more !== undefined || given.length !== right.length || !timingSafeEqual(given, right)) return null;
    const { typ } = JSON.parse(Buffer.from(head, 'base64url').toString());
    const { sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return typ === kind && exp > Date.now() / 1000 ? sub : null;
  };
  const userOf = async (request: Request): Promise<User | null> => {
    const id = idIn(request, read);
    const user = id === null ? null : await findUser(pool, 'id', id);
    return user === null || user.suspended ? null : user;
  };

  /** Puts the user on the request where somebody is signed in. A cookie changes things only from the application's pages. */
  const recognise: RequestHandler = async (request, _response, next) => {
    const isByCookie = request.get('authorization') === undefined;
    const user = isByCookie && isFromElsewhere(request) ? null : await userOf(request);
    if (user !== null) request.user = user;
    next();
  };

  const routes = Router();
  routes.get('/sign-in', (_request, response) => {
    response.send(
      page(
        'Sign in',
        html`<form method="post"><label>E-mail <input name="email" type="email" required></label>
<label>Password <input name="password" type="password" required></label><button>Sign in</button></form>`,
      ),
    );
  });
  routes.post('/sign-in', urlencoded({ extended: false }), async (request, response) => {
    const user = isFromElsewhere(request) ? null : await checkPassword(pool, ...credentialsIn(request));
    if (user === null)
      return void response
        .status(401)
        .send(page('Sign in', html`<p>That did not work. <a href="/sign-in">Try again</a></p>`));
    response.cookie('session', issue('session', user, SESSION_SECONDS), {
      httpOnly: true,
      sameSite: 'lax',
      secure: request.secure,
      maxAge: SESSION_SECONDS * 1000,
    });
    response.redirect(303, '/settings');
  });
  routes.post('/api/sign-in', async (request, response) => {
    const user = await checkPassword(pool, ...credentialsIn(request));
    if (user === null) return void response.status(401).json({ error: 'wrong e-mail address or password' });
    response.json({ jwt: issue('JWT', user, JWT_SECONDS) });
  });
  return { recognise, routes };
}

/** Lets requests on whose user may do this: signed in, or with a token that was judged before. */
export function requireUser(permission: string): RequestHandler {
  return (request, response, next) => {
    if (request.keyhouse !== undefined) next();
    else if (request.user === undefined) response.status(401).json({ error: 'sign in, or send a token' });
    else if (!may(request.user.role, permission)) response.status(403).json({ error: `this needs ${permission}` });
    else next();
  };
}

/** For pages and management: people who are signed in, with this role if one is named. */
export function requireRole(role?: Role) {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.user === undefined) {
      if (request.method === 'GET' && request.accepts(['json', 'html']) === 'html') response.redirect(303, '/sign-in');
      else response.status(401).json({ error: 'sign in' });
    } else if (role !== undefined && request.user.role !== role)
      response.status(403).json({ error: `this is for ${role}s` });
    else next();
  };
}

function may(role: Role, permission: string): boolean {
  return (PERMISSIONS[role] as readonly string[]).includes(permission);
}

/** Browsers say where a request comes from. A page of another site may link to this one and change nothing. */
function isFromElsewhere(request: Request): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  const origin = request.get('origin');
  return origin === undefined || !URL.canParse(origin) || new URL(origin).host !== request.get('host');
}

function idIn(request: Request, read: (kind: 'session' | 'JWT', text: string) => string | null): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (bearer !== undefined) return read('JWT', bearer);
  const cookie = /(?:^|; )session=([^;]+)/.exec(request.get('cookie') ?? '')?.[1];
  return cookie === undefined ? null : read('session', cookie);
}

function credentialsIn({ body }: Request): [email: string, password: string] {
  return [String(body?.email ?? ''), String(body?.password ?? '')];
}
