import { type FormEvent, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { TriedToken, TryTokenInput } from '../../api/operations.ts';
import { useDashboard, useMay } from '../../api/queries.ts';
import {
  Button,
  ErrorNotice,
  Field,
  Notice,
  PageHeader,
  PasswordInput,
  Select,
  TextInput,
  useForgetting,
} from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ExplanationView } from '../denials/explanation.tsx';
import { useProfile } from '../tokens/token-queries.ts';

type Needs = 'permissions' | 'rules';

interface Asked {
  readonly needs: Needs;
  readonly method: string;
  readonly path: string;
  readonly permissions: string;
  readonly ip: string;
  readonly environment: 'live' | 'test';
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({ value: method, label: method }));
const ENVIRONMENTS = [
  { value: 'live', label: 'Live' },
  { value: 'test', label: 'Test' },
] as const;
const FIELDS = ['token', 'route', 'all_of', 'ip', 'environment'];

/** Shows what would be decided about a request, check by check, without spending anything. */
export default function Tester() {
  const words = useWords();
  const may = useMay();
  const { paths } = useDashboard();
  // The value lives here and nowhere else, until it is taken out or the page is left.
  const [value, setValue] = useState('');
  const [asked, setAsked] = useAsked();
  const attempt = useAttempt(paths.tokens);
  useForgetting(() => setValue(''));
  const change = (part: Partial<Asked>) => setAsked({ ...asked, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt.start(inputOf(value, asked));
  };
  const { error, data } = attempt;
  return (
    <>
      <PageHeader
        title="Tester"
        lead={`Try ${words.aToken} with a request, and see every check. Nothing is sent to the API, spent from a limit or kept.`}
      />
      <div className="grid items-start gap-8 lg:grid-cols-2">
        <form onSubmit={submit} className="grid gap-5">
          <ErrorNotice error={error} shown={FIELDS} />
          <Field
            label={words.Token}
            problem={error?.problemOf('token')}
            hint={
              may('keyhouse-denials:read')
                ? 'Paste the value. It is looked at once and never stored.'
                : `Paste the value of one of your own ${words.tokens}. It is looked at once and never stored.`
            }
          >
            <PasswordInput
              value={value}
              required
              autoComplete="off"
              spellCheck={false}
              maxLength={16_384}
              onChange={(event) => setValue(event.target.value)}
            />
          </Field>
          <Field label="What the request needs">
            <Select
              value={asked.needs}
              options={[
                { value: 'permissions', label: 'The permissions I name' },
                { value: 'rules', label: 'What the route rules say of method and path' },
              ]}
              onValue={(needs) => change({ needs })}
            />
          </Field>
          {asked.needs === 'rules' ? (
            <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3">
              <Field label="Method">
                <Select value={asked.method} options={METHODS} onValue={(method) => change({ method })} />
              </Field>
              <Field label="Path" problem={error?.problemOf('route')}>
                <TextInput
                  value={asked.path}
                  required
                  spellCheck={false}
                  placeholder="/v1/servers"
                  onChange={(event) => change({ path: event.target.value })}
                />
              </Field>
            </div>
          ) : (
            <Field
              label="Permissions"
              optional
              problem={error?.problemOf('all_of')}
              hint="All that are needed, with commas between. Left empty, being valid is enough."
            >
              <TextInput
                value={asked.permissions}
                spellCheck={false}
                placeholder="servers:read, servers:write"
                onChange={(event) => change({ permissions: event.target.value })}
              />
            </Field>
          )}
          <div className="grid items-start gap-3 sm:grid-cols-2">
            <Field
              label="From address"
              optional
              problem={error?.problemOf('ip')}
              hint="Matters where addresses are limited."
            >
              <TextInput
                value={asked.ip}
                spellCheck={false}
                placeholder="203.0.113.9"
                maxLength={64}
                onChange={(event) => change({ ip: event.target.value })}
              />
            </Field>
            {asked.needs === 'permissions' && (
              <Field label="Environment" problem={error?.problemOf('environment')}>
                <Select
                  value={asked.environment}
                  options={ENVIRONMENTS}
                  onValue={(environment) => change({ environment })}
                />
              </Field>
            )}
          </div>
          <div className="flex gap-2">
            <Button type="submit" look="primary" icon="test" busy={attempt.isBusy}>
              Try it
            </Button>
            <Button
              onClick={() => {
                setValue('');
                attempt.reset();
              }}
            >
              Clear
            </Button>
          </div>
        </form>
        <section aria-label="Outcome" aria-live="polite" className="min-w-0">
          {data === undefined ? <Expected /> : <Outcome tried={data} />}
        </section>
      </div>
    </>
  );
}

function Outcome({ tried: { allowed, explanation } }: { readonly tried: TriedToken }) {
  const { token } = explanation;
  return (
    <div className="grid gap-4 rounded-lg border border-line p-5">
      <Notice look={allowed ? 'good' : 'bad'} icon={allowed ? 'check' : 'close'}>
        <h2 className="font-semibold">{allowed ? 'It would be accepted' : 'It would be refused'}</h2>
        {token !== null && (
          <p className="text-sm break-words">
            {token.name} {token.hint !== null && <span className="font-mono">{token.hint}</span>}
          </p>
        )}
      </Notice>
      <ExplanationView explanation={explanation} isTrial />
    </div>
  );
}

function Expected() {
  return (
    <p className="rounded-lg border border-dashed border-edge px-6 py-12 text-center text-soft">
      The outcome of every check shows here, in the order in which a real request meets them.
    </p>
  );
}

function inputOf(value: string, { needs, method, path, permissions, ip, environment }: Asked): TryTokenInput {
  const from = ip.trim() === '' ? {} : { ip: ip.trim() };
  if (needs === 'rules') return { token: value, route: { method, target: path.trim() }, ...from };
  const all_of = permissions.split(/[\s,]+/).filter((entry) => entry !== '');
  return { token: value, all_of, environment, ...from };
}

/** A plain call: the cache of mutations would keep what was sent with it. */
function useAttempt(path: string) {
  const [isBusy, setBusy] = useState(false);
  const [{ data, error }, setOutcome] = useState<{ readonly data?: TriedToken; readonly error: ApiError | null }>(
    NOTHING,
  );
  const start = async (input: TryTokenInput) => {
    setBusy(true);
    try {
      setOutcome({ data: await call<TriedToken>('POST', `${path}/try`, { body: input }), error: null });
    } catch (thrown) {
      setOutcome({ error: thrown as ApiError });
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, data, error, start, reset: () => setOutcome(NOTHING) };
}

const NOTHING = { error: null };

/** Where the profile has rules of routes, a method and a path are what people know. */
function useAsked(): readonly [Asked, (asked: Asked) => void] {
  const profile = useProfile();
  const [asked, setAsked] = useState<Asked | null>(null);
  const needs = (profile?.routes?.length ?? 0) > 0 ? 'rules' : 'permissions';
  return [asked ?? { needs, method: 'GET', path: '', permissions: '', ip: '', environment: 'live' }, setAsked];
}
