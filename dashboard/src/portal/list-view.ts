import type { Token } from '../api/operations.ts';
import { grantSummary, STATE_LABELS } from '../pages/tokens/token-text.ts';
import { dayText, exactTime, relativeTime } from '../ui/time-text.ts';
import { button, make } from './make.ts';
import type { Room } from './tokens-element.ts';

interface Actions {
  readonly create: () => void;
  readonly rotate: (token: Token) => void;
  readonly revoke: (token: Token) => void;
}

/** The owner's tokens that work or could again, newest first. */
export function listView({ opened: { words } }: Room, tokens: readonly Token[], actions: Actions): HTMLElement {
  const create = button(words.create_button, 'primary', actions.create);
  const title = words.tokens.slice(0, 1).toUpperCase() + words.tokens.slice(1);
  return make(
    'section',
    { class: 'stack' },
    make(
      'div',
      { class: 'head', part: 'header' },
      make('h2', { attributes: { tabindex: '-1' } }, title),
      tokens.length > 0 && create,
    ),
    tokens.length === 0
      ? make(
          'div',
          { class: 'empty', part: 'empty' },
          make('h3', {}, `No ${words.tokens} yet`),
          make(
            'p',
            { class: 'soft' },
            `A program shows its ${words.token} with every request. Make one for each program, with no more than it needs, and copy it: it is shown once.`,
          ),
          create,
        )
      : make(
          'ul',
          { class: 'list', part: 'list', attributes: { 'aria-label': title } },
          ...tokens.map((token) => rowOf(token, words, actions)),
        ),
  );
}

function rowOf(token: Token, words: Room['opened']['words'], { rotate, revoke }: Actions): HTMLElement {
  const { name, hint, environment, state, last_used_at: used, expires_at: expires, ends_at: ends, created_at } = token;
  const end = [expires, ends].filter((at) => at !== null).sort()[0];
  const isRotatable = state === 'active' || state === 'disabled';
  return make(
    'li',
    { class: 'row', part: 'row' },
    make(
      'div',
      {},
      make('h3', {}, name, environment === 'test' && badge('Test'), state !== 'active' && badge(STATE_LABELS[state])),
      make('p', { class: 'code soft' }, hint),
      make('p', { class: 'hint', attributes: { title: token.effective_permissions.join('\n') } }, grantSummary(token)),
    ),
    make(
      'dl',
      { class: 'facts' },
      ...fact('Created', time(created_at, dayText(created_at))),
      ...fact('Last used', used === null ? 'Never' : time(used, relativeTime(used, Date.now()))),
      ...fact('Expires', end === undefined ? 'Never' : time(end, dayText(end))),
    ),
    make(
      'div',
      { class: 'actions' },
      isRotatable && button('Rotate', 'plain', () => rotate(token), { 'aria-label': `Rotate ${name}` }),
      button(words.revoke_button, 'plain', () => revoke(token), { 'aria-label': `${words.revoke_button} ${name}` }),
    ),
  );
}

function badge(text: string): HTMLElement {
  return make('span', { class: 'badge', part: 'badge' }, text);
}

function fact(name: string, value: Node | string): HTMLElement[] {
  return [make('dt', {}, name), make('dd', {}, value)];
}

function time(at: string, text: string): HTMLElement {
  return make('time', { attributes: { datetime: at, title: exactTime(at) } }, text);
}
