// One request over a connection of its own, at the bytes: what came, how it ended, and how long it took.
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

// How long a silent connection is listened to, and how long any answer may take.
const silence = 300;
const patience = 20_000;
// How long a connection is listened to behind an answer that is whole.
const settled = 15;

// Sends the bytes, and tells what came: { raw, head, body, end, ms }, end being closed, reset or open,
// and ms how long it took until the last of it.
export function exchange(port, bytes, enough, opened = () => {}) {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let raw = Buffer.alloc(0);
    let [began, last] = [0, 0];
    let quiet;
    const finish = (end) => {
      opened();
      clearTimeout(limit);
      clearTimeout(quiet);
      socket.destroy();
      done({ ...parsed(raw), raw, end, ms: (end === 'open' ? last : performance.now()) - began });
    };
    const limit = setTimeout(() => finish('open'), patience);
    const listen_on = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => (enough(raw) ? finish('open') : listen_on()), is_whole(raw) ? settled : silence);
    };
    socket.on('connect', () => {
      began = last = performance.now();
      socket.write(bytes);
    });
    socket.on('data', (data) => {
      last = performance.now();
      raw = Buffer.concat([raw, data]);
      opened(raw.toString('latin1'));
      listen_on();
    });
    socket.on('end', () => finish('closed'));
    socket.on('error', () => finish('reset'));
    if (enough(raw)) listen_on();
  });
}

const whole_body = (head, body) => {
  if (!/^transfer-encoding: chunked/im.test(head)) return body;
  let [out, rest] = [Buffer.alloc(0), body];
  for (;;) {
    const at = rest.indexOf('\r\n');
    const size = at < 0 ? NaN : parseInt(rest.subarray(0, at).toString(), 16);
    if (!(size > 0)) return out;
    out = Buffer.concat([out, rest.subarray(at + 2, at + 2 + size)]);
    rest = rest.subarray(at + 4 + size);
  }
};

// The last response of those that stand one behind the other, interim ones first.
export function parsed(raw) {
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n\r\n', at);
    if (end < 0) return { head: raw.subarray(at).toString('latin1'), at: raw.length, body: '' };
    const head = raw.subarray(at, end).toString('latin1');
    if (!/^HTTP\/1.1 1\d\d/.test(head)) return { head, at: end + 4, body: whole_body(head, raw.subarray(end + 4)).toString() };
    at = end + 4;
  }
}

// By its length, or by its last chunk.
export function is_whole(raw) {
  const { head, at } = parsed(raw);
  if (/^HTTP\/1.1 204/.test(head)) return true;
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined && !/^transfer-encoding:/im.test(head)) return raw.length - at >= Number(length);
  return raw.subarray(at).toString('latin1').endsWith('0\r\n\r\n');
}

export const complete = (raw) => {
  const { head } = parsed(raw);
  return head !== '';
};
