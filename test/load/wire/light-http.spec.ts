import { createServer, type AddressInfo, type Socket } from 'node:net';
import { httpRequest, LightHttp } from './light-http.js';

describe('the light HTTP client', () => {
  let served: string[] = [];
  let asked = '';
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (bytes) => {
      asked += bytes.toString();
      void answer(socket);
    });
  });

  /** In the pieces of `served`, each in a packet of its own. */
  async function answer(socket: Socket): Promise<void> {
    for (const piece of served) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => (asked = ''));

  const connection = () => LightHttp.connect((server.address() as AddressInfo).port);

  it('asks again and again on one connection, however the answers are cut', async () => {
    const client = await connection();
    for (const pieces of [
      ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
      ['HTTP/1.1 200 OK\r\ncontent-le', 'ngth: 5\r\n', '\r\n', 'hel', 'lo'],
      ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel', 'lo'],
    ]) {
      served = pieces;
      expect(await client.ask(httpRequest('GET', '/v1', 'token'))).toBe(5);
    }
    expect(asked.match(/GET \/v1 HTTP\/1\.1\r\n/g)).toHaveLength(3);
    expect(asked).toContain('Authorization: Bearer token\r\n');
    client.close();
  });

  it('sends a body with its length', async () => {
    const client = await connection();
    served = ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'];
    expect(await client.ask(httpRequest('POST', '/v1', 'token', { word: 'grün' }))).toBe(0);
    expect(asked).toMatch(/Content-Length: 16\r\n\r\n\{"word":"grün"\}$/);
    client.close();
  });

  it('fails at any other answer, and when there is none', async () => {
    const client = await connection();
    served = ['HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'];
    await expect(client.ask(httpRequest('GET', '/v1', 'token'))).rejects.toThrow('404');
  });
});
