import { defineConfig } from 'vite';

/** `<keyhouse-tokens>`: one file for pages of any origin, without React, built beside the dashboard. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    emptyOutDir: false,
    modulePreload: false,
    lib: { entry: 'src/portal/tokens-element.ts', formats: ['es'], fileName: () => 'portal/keyhouse-tokens.js' },
  },
});
