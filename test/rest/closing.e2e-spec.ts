import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startApp, type RunningApp } from '../support/start-app.js';

describe('closing the server', () => {
  let server: RunningApp;
  let socket: Socket;
  let closed: Promise<unknown>;

  beforeEach(async () => {
    server = await startApp();
    socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    closed = new Promise((resolve) => socket.on('close', resolve));
  });

  it('does not wait for a client that stopped reading its answer', async () => {
    socket.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    await server.close();
    socket.resume();
    await closed;
  });

  it('does not wait for a client that says nothing', async () => {
    await server.close();
    socket.resume();
    await closed;
  });
});
