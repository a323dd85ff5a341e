import { type ClipboardEvent, type FormEvent, useEffect, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Token } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { Explanation } from '../../pages/denials/explanation.tsx';
import { Button, Dialog, ErrorNotice, TextInput } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { FoundByWords } from './found-by-words.tsx';
import { FoundToken } from './found-token.tsx';
import { OfRequest } from './of-request.tsx';
import { readQuery } from './read-query.ts';

type Shown =
  | { readonly is: 'nothing' }
  | { readonly is: 'looking' }
  | { readonly is: 'token'; readonly token: Token }
  | { readonly is: 'error'; readonly error: ApiError }
  | { readonly is: 'request'; readonly id: string }
  | { readonly is: 'words'; readonly words: string };

const NOTHING: Shown = { is: 'nothing' };

/** One place to look for anything: a request id, a name, a hint, a person, or the value of a token that was found somewhere. */
export default function FindDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords();
  const { paths } = useDashboard();
  const [text, setText] = useState('');
  const [shown, setShown] = useState<Shown>(NOTHING);
  // Nothing of the last search waits for whoever opens it next.
  useEffect(() => {
    if (!open) return;
    setText('');
    setShown(NOTHING);
  }, [open]);

  /** The value goes into the body of one call, and stays nowhere. */
  const findValue = async (value: string) => {
    setText('');
    setShown({ is: 'looking' });
    try {
      setShown({ is: 'token', token: await call<Token>('POST', `${paths.tokens}/find`, { body: { token: value } }) });
    } catch (error) {
      setShown({ is: 'error', error: error as ApiError });
    }
  };
  const find = (typed: string) => {
    const query = readQuery(typed);
    if (query.is === 'value') void findValue(query.value);
    else if (query.is === 'request') setShown({ is: 'request', id: query.id });
    else setShown(query.words === '' ? NOTHING : { is: 'words', words: query.words });
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text');
    if (readQuery(pasted).is !== 'value') return;
    event.preventDefault();
    find(pasted);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    find(text);
  };
  return (
    <Dialog open={open} onClose={onClose} title="Find">
      <form onSubmit={submit} className="flex gap-2">
        <TextInput
          type="search"
          aria-label="What to find"
          aria-describedby="find-hint"
          value={text}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onPaste={onPaste}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" icon="search">
          Find
        </Button>
      </form>
      <p id="find-hint" className="mt-2 text-sm text-soft">
        A request id, a name or hint, an e-mail address, an id of yours. Or paste {words.aToken} that you have found
        somewhere: it is looked up at once and forgotten.
      </p>
      <div aria-live="polite" className="mt-5 empty:hidden">
        {shown.is === 'looking' && <p className="text-soft">Looking it up …</p>}
        {shown.is === 'error' && <ErrorNotice error={shown.error} />}
        {shown.is === 'token' && <FoundToken token={shown.token} onClose={onClose} />}
        {shown.is === 'request' && (
          <>
            <Explanation requestId={shown.id} />
            <OfRequest id={shown.id} onGo={onClose} />
          </>
        )}
        {shown.is === 'words' && <FoundByWords words={shown.words} onGo={onClose} />}
      </div>
    </Dialog>
  );
}
