import { createLink, useLocation } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import { useSession } from '../api/queries.ts';
import { type NavEntry, PAGES, seesPage } from '../pages/index.ts';
import { classes, Icon } from '../ui/index.ts';
import { useWords } from '../words.ts';

interface Item extends NavEntry {
  readonly path: string;
  /** Which of several places of the same page this is. */
  readonly via: number;
}

/**
 * The router would mark every link to the page that is shown. Here several places lead to one page, and only the one that was
 * taken is current.
 */
const PlaceLink = createLink(({ current, ...anchor }: ComponentProps<'a'> & { readonly current: boolean }) => (
  <a {...anchor} aria-current={current ? 'page' : undefined} />
));

/** The menu, in the words of the company: sections with their pages. The heading of a section leads to its first page. */
export function Sidebar({ onGo }: { readonly onGo?: () => void }) {
  const sections = useSections();
  return (
    <nav aria-label="Main menu" className="grid gap-5 p-3">
      {sections.map(([section, items]) => (
        <div key={section ?? ''}>
          {section !== null && items[0] !== undefined && (
            <h2>
              <PlaceLink
                current={false}
                to={items[0].path}
                state={{ via: items[0].via }}
                onClick={onGo}
                className="block rounded-md px-2.5 py-1 text-sm font-medium text-soft hover:text-ink"
              >
                {section}
              </PlaceLink>
            </h2>
          )}
          <ul className="grid gap-0.5">
            {items.map((item) => (
              <li key={item.label}>
                <NavLink item={item} onGo={onGo} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function NavLink({ item, onGo }: { readonly item: Item; readonly onGo: (() => void) | undefined }) {
  const { pathname, state } = useLocation();
  const isHere = pathname === item.path || (item.path !== '/' && pathname.startsWith(`${item.path}/`));
  const isCurrent = isHere && (state.via ?? 0) === item.via;
  return (
    <PlaceLink
      current={isCurrent}
      to={item.path}
      state={{ via: item.via }}
      onClick={onGo}
      className={classes(
        'flex items-center gap-2.5 rounded-md px-2.5 py-1.5 hover:bg-hover',
        isCurrent ? 'bg-hover font-medium text-ink' : 'text-soft hover:text-ink',
      )}
    >
      <Icon name={item.icon} className={isCurrent ? 'text-accent' : ''} />
      <span className="truncate">{item.label}</span>
    </PlaceLink>
  );
}

function useSections(): readonly (readonly [string | null, readonly Item[]])[] {
  const session = useSession();
  const words = useWords();
  const sections = new Map<string | null, Item[]>();
  for (const page of PAGES) {
    if (!seesPage(page, session)) continue;
    const places = page.nav?.(words) ?? [];
    places.forEach((place, via) => {
      const items = sections.get(place.section) ?? [];
      items.push({ ...place, path: page.path, via });
      sections.set(place.section, items);
    });
  }
  return [...sections];
}
