// A name server of the test's own, and a command that lets one program ask it and nobody else.
import dgram from 'node:dgram';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const address = '127.0.0.2'; // port 53 of it is nobody's
const [type_a, no_such_name] = [1, 3];

// Why it cannot be had here; nothing when it can.
export function no_names_here() {
  if (process.getuid() !== 0) return 'it needs root: a name server listens on port 53';
  const tried = spawnSync('unshare', ['-m', 'true']);
  return tried.status === 0 ? undefined : 'it needs unshare -m: a resolv.conf of its own';
}

// The name that a query asks for, and its type.
function question(query) {
  const labels = [];
  let at = 12;
  for (let length = query[at]; length !== 0; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

// RFC 1035 §4.1: the answer with one address, or none.
function answer(query, { type, end }, known) {
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(0x8180 | (known ? 0 : no_such_name), 2);
  const there = known && type === type_a;
  head.writeUInt16BE(there ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  if (!there) return head;
  return Buffer.concat([head, Buffer.from([0xc0, 12, 0, type_a, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1])]);
}

// `known` names are on this machine, those that begin with "slow" are never answered, others do not exist.
// { inside, asked }: the command for tollgate(), and the names that were asked for.
export async function name_server(t, folder, known) {
  const asked = new Set();
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, from) => {
    const about = question(query);
    asked.add(about.name);
    if (about.name.startsWith('slow')) return;
    socket.send(answer(query, about, known.includes(about.name)), from.port, from.address);
  });
  await new Promise((done, failed) => socket.on('error', failed).bind(53, address, done));
  t.after(() => new Promise((done) => socket.close(done)));
  const resolv_conf = join(folder, 'resolv.conf');
  writeFileSync(resolv_conf, `nameserver ${address}\n`);
  const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  return { asked, inside: ['unshare', '-m', 'sh', '-c', script, resolv_conf] };
}
