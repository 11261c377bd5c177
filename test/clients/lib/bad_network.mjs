// A network that goes away: bytes pass through a loopback port until it is cut.
import net from 'node:net';

// For the requests of an MCP server at `target`: { fetch, cut, mend }. cut() closes every connection and
// lets no new one through, mend() does again.
export async function bad_network(t, target) {
  const { hostname, port } = new URL(target);
  const open = new Set();
  let there = true;
  const proxy = net.createServer((client) => {
    if (!there) return client.destroy();
    const server = net.connect({ host: hostname, port });
    for (const [socket, other] of [[client, server], [server, client]]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const cut = () => {
    there = false;
    for (const socket of open) socket.destroy();
  };
  await new Promise((done) => proxy.listen(0, 'localhost', done));
  t.after(() => {
    cut();
    return new Promise((done) => proxy.close(done));
  });
  const through = (url) => {
    const { pathname, search, origin } = new URL(url);
    return origin === new URL(target).origin ? `http://localhost:${proxy.address().port}${pathname}${search}` : url;
  };
  return { fetch: (url, init) => fetch(through(url), init), cut, mend: () => (there = true) };
}
