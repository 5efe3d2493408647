import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where a server runs, for those who work on the page: `npm start` listens there. */
const SERVER = 'http://127.0.0.1:3000';

const proxy = {
  '/v1': { target: SERVER },
  '/socket.io': { target: SERVER, ws: true },
};

export default defineConfig({
  plugins: [react()],
  // The packages of this workspace are taken from their sources, so that no build of theirs can be out of date.
  resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    // A picture inside a style sheet would need `data:` in the Content-Security-Policy of every part of the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: { proxy },
  preview: { proxy },
});
