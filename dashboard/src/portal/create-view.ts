import { ApiError } from '../api/api-error.ts';
import type { Token, TokenOptions } from '../api/operations.ts';
import { beginDraft, bodyOf, type Draft, gapsOf } from '../pages/tokens/create/draft.ts';
import { durationLabel, durationMs } from '../pages/tokens/create/durations.ts';
import { grantFields } from './grant-fields.ts';
import { alertBox, button, type Child, choice, field, group, make, select } from './make.ts';
import type { Room } from './tokens-element.ts';

const PRESETS = ['7d', '30d', '90d', '180d', '365d'];
const NO_WISH = { name: '', permissions: [], environment: '', owner: '', like: '' };
const BESIDE = /^(?:name|environment|permissions|level|inherit|expires_at|expires_in|ip_allowlist|tier|limits)\b/;

/** What the fields of the form work on: the draft is changed in place of redrawing what is being typed in. */
export interface Filling {
  readonly options: TokenOptions;
  draft: Draft;
  readonly problemOf: (name: string) => string | undefined;
  change(part: Partial<Draft>): void;
}

/** Everything that can be asked for, within what the owner may give. */
export async function createView(room: Room, made: (token: Token, value: string) => void): Promise<HTMLElement> {
  const { words } = room.opened;
  const options = await room.session.call<TokenOptions>('GET', 'v1/token-options');
  // One key for as long as the form is open: sent again after a lost answer, nothing is made twice.
  let idempotencyKey: string = crypto.randomUUID();
  let error: ApiError | null = null;
  let isTried = false;
  const filling: Filling = {
    options,
    draft: beginDraft(options, NO_WISH, null),
    problemOf: (name) => (isTried ? gapsOf(filling.draft, options)[name] : undefined) ?? error?.problemOf(name),
    change: (part) => {
      filling.draft = { ...filling.draft, ...part };
    },
  };
  const body = make('div');
  const draw = () => body.replaceChildren(make('div', { class: 'stack' }, ...partsOf(filling, draw)));
  const said = make('div');
  const send = button(words.save_button, 'primary', () => {}, { type: 'submit' });
  const form = make(
    'form',
    { class: 'stack', attributes: { novalidate: true }, on: { submit: (event) => void submit(event) } },
    said,
    body,
    make(
      'div',
      { class: 'actions form-actions' },
      send,
      button('Cancel', 'plain', () => void room.showList()),
    ),
  );
  draw();
  const mayCreate = options.may_create;
  return make(
    'section',
    { class: 'stack', part: 'form' },
    make('h2', { attributes: { tabindex: '-1' } }, words.create_button),
    mayCreate
      ? form
      : make(
          'div',
          { class: 'stack' },
          make('p', { class: 'note' }, `You may not make one here. Ask ${room.opened.company.name}.`),
          button('Back', 'plain', () => void room.showList()),
        ),
  );

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (send.disabled) return;
    isTried = true;
    error = null;
    said.replaceChildren();
    if (Object.keys(gapsOf(filling.draft, options)).length > 0) return point();
    send.disabled = true;
    try {
      const asked = { body: bodyOf(filling.draft, options), idempotencyKey };
      const { value, ...token } = await room.session.call<Token & { value: string | null }>('POST', 'v1/tokens', asked);
      if (value !== null) made(token, value);
      else await lost(token);
    } catch (thrown) {
      error = thrown instanceof ApiError ? thrown : null;
      if (error?.code === 'idempotency_mismatch') idempotencyKey = crypto.randomUUID();
      const isBeside =
        error !== null && error.problems.length > 0 && error.problems.every(({ path }) => BESIDE.test(path));
      const text = room.sentenceOf(thrown);
      if (text !== '' && !isBeside) said.replaceChildren(alertBox(text));
      if (error !== null) point();
    } finally {
      send.disabled = false;
    }
  }

  /** It was made, and the answer with its value was lost on the way. */
  async function lost(token: Token): Promise<void> {
    said.replaceChildren(
      alertBox(`“${token.name}” was made, and its value was lost on the way: nobody can show it again.`),
      button('Revoke it and create again', 'primary', () => void again(token)),
    );
  }

  async function again(token: Token): Promise<void> {
    try {
      await room.session.call('DELETE', `v1/tokens/${encodeURIComponent(token.id)}`);
      idempotencyKey = crypto.randomUUID();
      form.requestSubmit();
    } catch (thrown) {
      said.append(alertBox(room.sentenceOf(thrown)));
    }
  }

  /** Brings who pressed the button to the first thing that is in the way. */
  function point(): void {
    draw();
    form.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')?.focus();
  }
}

function partsOf(filling: Filling, draw: () => void): Child[] {
  const { options, draft, problemOf, change } = filling;
  const redraw = (part: Partial<Draft>) => {
    change(part);
    draw();
  };
  const name = make('input', {
    class: 'control',
    part: 'input',
    attributes: { type: 'text', maxlength: '200', autocomplete: 'off', 'data-first': true },
    on: { input: () => change({ name: name.value }) },
  });
  name.value = draft.name;
  const tiers = options.tiers.filter(({ grantable }) => grantable);
  return [
    options.replaces.length > 0 &&
      make(
        'p',
        { class: 'note' },
        `The one you have, “${options.replaces[0]?.name}”, stops working at once: there is one for each of you.`,
      ),
    field({ label: 'Name', hint: 'What uses it, so that you know it again.', problem: problemOf('name') }, name),
    options.environments.length > 1 &&
      group(
        'Environment',
        problemOf('environment'),
        ...options.environments.map(({ environment, grantable }) =>
          choice(
            'radio',
            {
              name: 'environment',
              label: environment === 'live' ? 'Live' : 'Test',
              hint: environment === 'live' ? 'Works with real data.' : 'Works where you try things out.',
              checked: draft.environment === environment,
              disabled: !grantable,
            },
            () => change({ environment }),
          ),
        ),
      ),
    ...grantFields(filling, redraw),
    expiryField(filling, redraw),
    draft.expiry === 'date' && dayField(filling),
    addressField(filling),
    tiers.length > 1 &&
      field(
        { label: 'How much it may ask', problem: problemOf('tier') },
        select(
          tiers.map(({ tier, label }): [string, string] => [tier, label]),
          draft.tier,
          (tier) => change({ tier }),
        ),
      ),
  ];
}

function expiryField(
  { options: { expiry }, draft, problemOf }: Filling,
  redraw: (part: Partial<Draft>) => void,
): HTMLElement {
  const latest = expiry.latest === null ? Number.POSITIVE_INFINITY : Date.parse(expiry.latest);
  const presets = PRESETS.filter((one) => one !== expiry.lifetime && Date.now() + durationMs(one) <= latest);
  const usual = expiry.lifetime === null ? 'Never' : `In ${durationLabel(expiry.lifetime)} (usual here)`;
  const options: [string, string][] = [
    ['usual', usual],
    ...presets.map((value): [string, string] => [value, `In ${durationLabel(value)}`]),
    ['date', 'On a date…'],
  ];
  const problem = draft.expiry === 'date' ? undefined : (problemOf('expires_in') ?? problemOf('expires_at'));
  return field(
    { label: 'Expiration', problem },
    select(options, draft.expiry, (value) => redraw({ expiry: value })),
  );
}

function dayField({ draft, problemOf, change }: Filling): HTMLElement {
  const day = make('input', {
    class: 'control',
    part: 'input',
    attributes: { type: 'date' },
    on: { input: () => change({ day: day.value }) },
  });
  day.value = draft.day;
  return field(
    { label: 'Expiration date', hint: 'It works until the end of that day.', problem: problemOf('expires_at') },
    day,
  );
}

function addressField({ options, draft, problemOf, change }: Filling): HTMLElement {
  const problem = problemOf('ip_allowlist');
  const area = make('textarea', {
    class: 'control code',
    part: 'input',
    attributes: { rows: '3', spellcheck: 'false', placeholder: '203.0.113.0/24' },
    on: { input: () => change({ addresses: area.value.split(/[\s,]+/).map((text, key) => ({ key, text })) }) },
  });
  area.value = draft.addresses.map(({ text }) => text).join('\n');
  const mine = options.ip_allowlist.caller_ip;
  const hint = `One on each line. Empty: from everywhere.${mine === null ? '' : ` Yours is ${mine}.`}`;
  const content = make('div', {}, field({ label: 'Addresses or networks', hint, problem }, area));
  const isOpen = problem !== undefined || draft.addresses.some(({ text }) => text !== '');
  return make('details', { attributes: { open: isOpen } }, make('summary', {}, 'Only from certain addresses'), content);
}
