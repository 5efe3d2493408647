import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.js';
import { startSession } from './session/session.js';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

// The page is drawn at once; who is logged in, and what the server says, come when they come.
void startSession();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
