import type { Draft } from '../pages/tokens/create/draft.ts';
import { levelLabel } from '../pages/tokens/token-text.ts';
import type { Filling } from './create-view.ts';
import { button, type Child, choice, field, group, make } from './make.ts';

const WAYS = { permissions: 'Only what I choose', level: 'By level', inherit: 'Everything I may do' } as const;

/** With more to choose from than this there is a field to search in. */
const SEARCH_FROM = 12;

type Redraw = (part: Partial<Draft>) => void;

/** What it may do: entry by entry, by level, or all that its owner may. */
export function grantFields(filling: Filling, redraw: Redraw): Child[] {
  const { options, draft, problemOf } = filling;
  return [
    options.grants.length > 1 &&
      group(
        'What it may do',
        undefined,
        ...options.grants.map((way) =>
          choice('radio', { name: 'way', label: WAYS[way], checked: draft.way === way }, () => redraw({ way })),
        ),
      ),
    draft.way === 'permissions' && permissionFields(filling, redraw),
    draft.way === 'level' &&
      group(
        'Access',
        problemOf('level'),
        ...options.levels.map(({ level, description, grantable }) =>
          choice(
            'radio',
            {
              name: 'level',
              label: levelLabel(level),
              hint: description,
              checked: draft.level === level,
              disabled: !grantable,
            },
            () => filling.change({ level }),
          ),
        ),
      ),
    draft.way === 'inherit' && make('p', { class: 'note' }, 'It may do whatever you may do, now and later.'),
  ];
}

function permissionFields(filling: Filling, redraw: Redraw): HTMLElement {
  const { options, draft, problemOf, change } = filling;
  const has = (permission: string) => filling.draft.permissions.includes(permission);
  const put = (permission: string, isChosen: boolean) => {
    const others = filling.draft.permissions.filter((one) => one !== permission);
    change({ permissions: isChosen ? [...others, permission] : others });
  };
  const wide = options.wildcards.map(({ permission, resource, grantable }) => ({
    permission,
    grantable,
    hint: `Everything about ${resource}`,
  }));
  const narrow = options.permissions.map(({ permission, description, grantable }) => ({
    permission,
    grantable,
    hint: description ?? '',
  }));
  // What the owner may not do cannot be given: it is no choice here.
  const offers = [...narrow, ...wide].filter(({ grantable }) => grantable);
  const boxes = offers.map(({ permission, hint }) => {
    const box = choice(
      'checkbox',
      { name: 'permission', label: permission, hint, checked: has(permission), isCode: true },
      (isChosen) => put(permission, isChosen),
    );
    return { box, text: `${permission} ${hint}`.toLowerCase() };
  });
  const templates = options.templates.filter(({ missing }) => missing.length === 0);
  const listed = new Set(offers.map(({ permission }) => permission));
  return group(
    'Permissions',
    problemOf('permissions'),
    templates.length > 0 &&
      make(
        'div',
        { class: 'actions' },
        ...templates.map(({ name, description, permissions }) =>
          button(name, 'plain', () => redraw({ permissions }), { title: description }),
        ),
      ),
    boxes.length > SEARCH_FROM && searchField(boxes),
    offers.length === 0 &&
      !options.any_permission &&
      make('p', { class: 'note' }, 'You may do nothing here yet, and so could it.'),
    make('div', { class: 'choices' }, ...boxes.map(({ box }) => box)),
    options.any_permission &&
      furtherField(
        draft.permissions.filter((one) => !listed.has(one)),
        (further) => {
          change({ permissions: [...filling.draft.permissions.filter((one) => listed.has(one)), ...further] });
        },
      ),
  );
}

function searchField(boxes: readonly { readonly box: HTMLElement; readonly text: string }[]): HTMLElement {
  const input = make('input', {
    class: 'control',
    part: 'input',
    attributes: { type: 'search', autocomplete: 'off' },
    on: {
      input: () => {
        const asked = input.value.trim().toLowerCase();
        for (const { box, text } of boxes) box.hidden = !text.includes(asked);
      },
    },
  });
  return field({ label: 'Find a permission' }, input);
}

/** Where the catalogue is open, more exists than can be listed. */
function furtherField(entries: readonly string[], change: (entries: readonly string[]) => void): HTMLElement {
  const input = make('input', {
    class: 'control code',
    part: 'input',
    attributes: { type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: 'servers:read servers:write' },
    on: { input: () => change([...new Set(input.value.split(/[\s,]+/).filter((entry) => entry !== ''))]) },
  });
  input.value = entries.join(' ');
  return field({ label: 'Further permissions', hint: 'Separated by spaces.', optional: true }, input);
}
