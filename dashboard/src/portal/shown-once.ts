import type { Token } from '../api/operations.ts';
import { saveEnvFile } from '../ui/save-file.ts';
import { dayText } from '../ui/time-text.ts';
import { button, make } from './make.ts';
import type { Room } from './tokens-element.ts';

/** The value, this one time. It is in this view alone, and gone with it. */
export function shownOnce(room: Room, token: Token, value: string, note = ''): HTMLElement {
  const { words, company } = room.opened;
  let isKept = false;
  const input = make('input', {
    class: 'control value',
    part: 'value',
    attributes: {
      readonly: true,
      'aria-label': `Your new ${words.token}`,
      autocomplete: 'off',
      spellcheck: 'false',
      'data-first': true,
    },
    on: {
      focus: () => input.select(),
      copy: () => keep(),
    },
  });
  input.value = value;
  const warning = make('p', { class: 'problem', attributes: { role: 'alert' } });
  const keep = () => {
    isKept = true;
    warning.textContent = '';
  };
  const copy = button('Copy', 'primary', async () => {
    // Where the page may not write to the clipboard it stays selected, for the keys.
    const isCopied = await navigator.clipboard?.writeText(value).then(
      () => true,
      () => false,
    );
    if (isCopied === true) {
      keep();
      copy.textContent = 'Copied';
    } else input.focus();
  });
  const done = button('Done', 'plain', () => {
    if (!isKept) {
      isKept = true;
      warning.textContent = `It was neither copied nor downloaded, and cannot be shown again. Press Done once more to leave it.`;
      return;
    }
    input.value = '';
    void room.showList();
  });
  const save = button('Download .env', 'plain', () => {
    saveEnvFile(variableOf(company.name, words.token), value);
    keep();
  });
  const stay = (event: BeforeUnloadEvent) => {
    if (view.isConnected && !isKept) event.preventDefault();
    if (!view.isConnected) window.removeEventListener('beforeunload', stay);
  };
  window.addEventListener('beforeunload', stay);
  const view = make(
    'section',
    { class: 'stack', part: 'shown-once' },
    make('h2', { attributes: { tabindex: '-1' } }, `“${token.name}” is ready`),
    make(
      'p',
      { class: 'note' },
      `Copy it now. This is the only time the ${words.token} is shown: nobody can show it again. `,
      token.expires_at === null ? 'It works until it is revoked.' : `It expires on ${dayText(token.expires_at)}.`,
      note === '' ? '' : ` ${note}`,
    ),
    input,
    make('div', { class: 'actions' }, copy, save, done),
    warning,
  );
  return view;
}

/** `Example Cloud` and `API key` → `EXAMPLE_CLOUD_API_KEY`. */
function variableOf(company: string, token: string): string {
  const name = `${company} ${token}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  return name.replaceAll(/^[_\d]+|_+$/g, '');
}
