/**
 * Who is logged in, and REST calls on their behalf.
 *
 * The refresh token is kept in `sessionStorage`, so that a reload of this tab stays logged in. That will do
 * for a page that runs no foreign script; a client that may should keep it in an HttpOnly cookie instead.
 */
const REFRESH_TOKEN = 'parley.refreshToken';

let accessToken = null;
let refreshing = null;

export const currentToken = () => accessToken;
export const isRemembered = () => sessionStorage.getItem(REFRESH_TOKEN) !== null;

/** Logs in or registers (`kind`), and returns the person. */
export async function enter(kind, input) {
  return keep(await request('POST', `/auth/${kind}`, input));
}

/** Gets the next pair of tokens, and returns the person. Calls at the same time share one. */
export function refresh() {
  const refreshToken = sessionStorage.getItem(REFRESH_TOKEN);
  refreshing ??= request('POST', '/auth/refresh', { refreshToken })
    .then(keep, (error) => {
      // Only an answer ends the session; a server that is away does not.
      if (error.problem?.status === 401) forget();
      throw error;
    })
    .finally(() => (refreshing = null));
  return refreshing;
}

export async function leave() {
  await call('POST', '/auth/logout').catch(() => {});
  forget();
}

/** One REST call below `/v1`; an access token that ran out is renewed on the way. */
export async function call(method, path, body) {
  try {
    return await request(method, path, body);
  } catch (error) {
    if (error.problem?.status !== 401) throw error;
    await refresh();
    return request(method, path, body);
  }
}

/** @throws Error with the server's answer as `problem`; without one the server was not reached. */
async function request(method, path, body) {
  const headers = accessToken === null ? {} : { authorization: `Bearer ${accessToken}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(`/v1${path}`, { method, headers, body: JSON.stringify(body) }).catch(() => {
    throw new Error('The server cannot be reached');
  });
  const data = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(data.detail), { problem: data });
  return data;
}

function keep(answer) {
  accessToken = answer.accessToken;
  sessionStorage.setItem(REFRESH_TOKEN, answer.refreshToken);
  return answer.user;
}

/** Nothing of a person stays behind, in storage or in memory. */
function forget() {
  sessionStorage.clear();
  location.reload();
}
