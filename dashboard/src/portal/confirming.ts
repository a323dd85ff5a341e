import { alertBox, button, make } from './make.ts';
import type { Room } from './tokens-element.ts';

interface Confirming {
  readonly title: string;
  readonly label: string;
  readonly look: 'primary' | 'danger';
  readonly content: readonly HTMLElement[];
  /** Throws what is to be said; closes when it resolves. */
  readonly confirm: () => Promise<void>;
}

/** Asks before something is done; stays open with the reason where that fails. */
export function confirming(room: Room, { title, label, look, content, confirm }: Confirming): void {
  const problem = make('div', { class: 'stack' });
  const yes = button(label, look, async () => {
    yes.disabled = true;
    problem.replaceChildren();
    try {
      await confirm();
      dialog.close();
    } catch (error) {
      const text = room.sentenceOf(error);
      if (text !== '') problem.replaceChildren(alertBox(text));
    } finally {
      yes.disabled = false;
    }
  });
  const dialog = make(
    'dialog',
    { part: 'dialog', attributes: { 'aria-labelledby': 'question' } },
    make(
      'div',
      { class: 'stack' },
      make('h2', { attributes: { id: 'question' } }, title),
      ...content,
      problem,
      make(
        'div',
        { class: 'actions' },
        yes,
        button('Cancel', 'plain', () => dialog.close()),
      ),
    ),
  );
  room.ask(dialog);
}
