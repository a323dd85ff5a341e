import type { DashboardInfo } from './api/dashboard-info.ts';
import { useDashboard } from './api/queries.ts';

/** What this company calls things. Every label about tokens comes from here, never from a page. */
export interface Words {
  /** Inside a sentence: `API key`. */
  readonly token: string;
  readonly tokens: string;
  /** At the beginning of a sentence or as a heading: `API keys` with a capital. */
  readonly Token: string;
  readonly Tokens: string;
  /** `a token`, `an API key`. */
  readonly aToken: string;
  /** Heading of the list: the end of the company's menu path. */
  readonly tokensTitle: string;
  readonly createButton: string;
  readonly saveButton: string;
  readonly revokeButton: string;
  /** Ways through the menu to the list, as the company's documents print them; at least one. */
  readonly menuPaths: readonly MenuPath[];
  /** Whether the documents lead to a person first, whose record holds their token. */
  readonly leadsThroughPeople: boolean;
}

export interface MenuPath {
  readonly section: string;
  readonly item: string;
}

/** The room of people in the menu; some companies' paths to a token begin there. */
export const PEOPLE = 'People';

export function useWords(): Words {
  return wordsOf(useDashboard());
}

export function wordsOf({ words }: Pick<DashboardInfo, 'words'>): Words {
  const paths = words.menuPaths.map((path) => ({ section: path[0] ?? '', item: path.at(-1) ?? '' }));
  const own = paths.filter(({ section }) => section !== PEOPLE);
  const Tokens = capitalised(words.tokens);
  const menuPaths = own.length > 0 ? own : [{ section: 'Settings', item: Tokens }];
  return {
    token: words.token,
    tokens: words.tokens,
    Token: capitalised(words.token),
    Tokens,
    aToken: `${/^[aeio]|^API/i.test(words.token) ? 'an' : 'a'} ${words.token}`,
    tokensTitle: menuPaths[0]?.item ?? Tokens,
    createButton: words.createButton,
    saveButton: words.saveButton,
    revokeButton: words.revokeButton,
    menuPaths,
    leadsThroughPeople: own.length < paths.length,
  };
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
