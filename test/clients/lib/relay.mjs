// A TCP relay that keeps every byte of one leg, both ways, and changes none.
import net from 'node:net';

// relay(t) → { origin, port, to(port), bytes() }. It listens at once, so that whoever stands behind
// it can be told its address; to() says where it leads.
export async function relay(t) {
  const kept = [];
  const open = new Set();
  let target;
  const keep = (socket, other) => {
    open.add(socket);
    socket.on('data', (part) => kept.push(part));
    socket.on('error', () => other.destroy());
    socket.on('close', () => open.delete(socket));
    socket.pipe(other);
  };
  const server = net.createServer((socket) => {
    const onwards = net.connect(target, 'localhost');
    keep(socket, onwards);
    keep(onwards, socket);
  });
  await new Promise((done) => server.listen(0, 'localhost', done));
  t.after(() => {
    for (const socket of open) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  const { port } = server.address();
  return {
    origin: `http://localhost:${port}`,
    port,
    to: (port_behind) => (target = port_behind),
    bytes: () => Buffer.concat(kept).toString('latin1'),
  };
}
