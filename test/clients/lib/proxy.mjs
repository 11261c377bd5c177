// A loopback proxy that adds a bearer token and changes nothing else: Host, Origin and every other
// header pass as they came. For clients that cannot send a token.
import http from 'node:http';

export async function token_proxy(t, target, token) {
  const { hostname, port } = new URL(target);
  const proxy = http.createServer((request, response) => {
    const headers = [...request.rawHeaders, 'Authorization', `Bearer ${token}`];
    const forward = http.request(
      { hostname, port, method: request.method, path: request.url, headers, setHost: false, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    forward.on('error', () => response.destroy());
    response.on('close', () => forward.destroy());
    request.pipe(forward);
  });
  await new Promise((done) => proxy.listen(0, 'localhost', done));
  t.after(() => {
    proxy.closeAllConnections();
    return new Promise((done) => proxy.close(done));
  });
  return `http://localhost:${proxy.address().port}`;
}
