export type Child = Node | string | null | false | undefined;

interface Parts {
  readonly class?: string;
  /** For the host page's `::part`. */
  readonly part?: string;
  readonly attributes?: Readonly<Record<string, string | boolean | undefined>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** An element with its attributes, listeners and children; text is text, never markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  parts: Parts = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (parts.class !== undefined) element.className = parts.class;
  if (parts.part !== undefined) element.setAttribute('part', parts.part);
  for (const [name, value] of Object.entries(parts.attributes ?? {})) {
    if (typeof value === 'string') element.setAttribute(name, value);
    else if (value === true) element.setAttribute(name, '');
  }
  for (const [type, listener] of Object.entries(parts.on ?? {})) element.addEventListener(type, listener);
  element.append(
    ...children.filter((child): child is Node | string => child !== null && child !== false && child !== undefined),
  );
  return element;
}

type ButtonLook = 'primary' | 'plain' | 'danger';

export function button(
  label: string,
  look: ButtonLook,
  press: () => void,
  more: Parts['attributes'] = {},
): HTMLButtonElement {
  return make(
    'button',
    {
      class: `button ${look}`,
      part: look === 'plain' ? 'button' : `button ${look}-button`,
      attributes: { type: 'button', ...more },
      on: { click: press },
    },
    label,
  );
}

let fields = 0;

interface FieldParts {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
  readonly optional?: boolean;
}

/** A control with its label, a hint and what is wrong with it. */
export function field({ label, hint, problem, optional = false }: FieldParts, control: HTMLElement): HTMLElement {
  fields += 1;
  const id = `field-${fields}`;
  control.id = id;
  const described = [problem !== undefined && `${id}-problem`, hint !== undefined && `${id}-hint`].filter(Boolean);
  if (described.length > 0) control.setAttribute('aria-describedby', described.join(' '));
  if (problem !== undefined) control.setAttribute('aria-invalid', 'true');
  return make(
    'div',
    { class: 'field' },
    make('label', { attributes: { for: id } }, label, optional && make('span', { class: 'soft' }, ' (optional)')),
    control,
    problem !== undefined && make('p', { class: 'problem', attributes: { id: `${id}-problem` } }, problem),
    hint !== undefined && make('p', { class: 'hint', attributes: { id: `${id}-hint` } }, hint),
  );
}

export function select(
  options: readonly (readonly [value: string, label: string])[],
  value: string,
  change: (value: string) => void,
): HTMLSelectElement {
  const control = make(
    'select',
    { class: 'control', part: 'input', on: { change: () => change(control.value) } },
    ...options.map(([name, label]) => make('option', { attributes: { value: name, selected: name === value } }, label)),
  );
  return control;
}

/** A radio button or a checkbox with its label and what it means. */
export function choice(
  type: 'radio' | 'checkbox',
  parts: {
    readonly name: string;
    readonly label: string;
    readonly hint?: string | null;
    readonly checked: boolean;
    readonly disabled?: boolean;
    readonly isCode?: boolean;
  },
  change: (checked: boolean) => void,
): HTMLElement {
  fields += 1;
  const id = `choice-${fields}`;
  const hint = parts.hint ?? '';
  const input: HTMLInputElement = make('input', {
    attributes: {
      type,
      id,
      name: parts.name,
      checked: parts.checked,
      disabled: parts.disabled ?? false,
      ...(hint !== '' && { 'aria-describedby': `${id}-hint` }),
    },
    on: { change: () => change(input.checked) },
  });
  return make(
    'div',
    { class: 'choice' },
    input,
    make(
      'div',
      {},
      make('label', { class: parts.isCode === true ? 'code' : '', attributes: { for: id } }, parts.label),
      hint !== '' && make('p', { class: 'hint', attributes: { id: `${id}-hint` } }, hint),
    ),
  );
}

export function group(legend: string, problem: string | undefined, ...children: readonly Child[]): HTMLElement {
  return make(
    'fieldset',
    { class: 'group', attributes: { 'data-problem': problem !== undefined, tabindex: '-1' } },
    make('legend', {}, legend),
    problem !== undefined && make('p', { class: 'problem' }, problem),
    ...children,
  );
}

/** A sentence about what went wrong, read aloud when it appears. */
export function alertBox(text: string): HTMLElement {
  return make('p', { class: 'alert', part: 'alert', attributes: { role: 'alert' } }, text);
}
