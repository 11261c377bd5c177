// Serves a few JSON documents on a loopback port for one test: a client's metadata, its keys.
import http from 'node:http';

// documents: path → object, or a function of the origin that makes one. Returns the origin.
export async function json_server(t, documents) {
  const server = http.createServer((request, response) => {
    const document = documents[request.url];
    if (document === undefined) {
      response.writeHead(404).end();
      return;
    }
    const value = typeof document === 'function' ? document(origin) : document;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  return origin;
}
