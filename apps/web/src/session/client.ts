import { ParleyClient, webStorage } from '@parley/client';

/** This page's way into Parley. The page and the server have one origin. */
export const client = new ParleyClient({ url: location.origin, storage: webStorage(localStorage) });
