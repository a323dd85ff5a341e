import { useEffect } from 'react';
import { useDashboard } from '../api/queries.ts';

/** Titles the browser's tab: `nightly deploys · Example`. */
export function usePageTitle(title: string): void {
  const { company } = useDashboard();
  useEffect(() => {
    document.title = `${title} · ${company.name}`;
  }, [title, company.name]);
}
