import './app.css';
// Before the router looks at the address: it forgets what stands behind `#` on its way to the set-up.
import './pages/set-up/code-in-address.ts';
import './pages/invitation/secret-in-address.ts';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { whenServerReturns } from './api/connection.ts';
import { createQueryClient, dashboardQuery, sessionQuery } from './api/queries.ts';
import { createAppRouter } from './router.tsx';

const queryClient = createQueryClient();
// Both are needed before anything is drawn: asked for at once rather than one after the other.
void queryClient.prefetchQuery(dashboardQuery);
void queryClient.prefetchQuery(sessionQuery);
const router = createAppRouter(queryClient);
whenServerReturns(() => void router.invalidate());

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
