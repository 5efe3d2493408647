import { ParleyClient, webStorage } from '@parley/client';

/** This page's way into Parley. The page and the server have one origin, so the refresh token can be in a cookie. */
export const client = new ParleyClient({
  url: location.origin,
  storage: webStorage(localStorage),
  refreshTokens: 'cookie',
});
