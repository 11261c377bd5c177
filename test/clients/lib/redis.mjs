// A redis-server of a test's own.
import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';

import { free_ports, scratch_folder, until } from './process.mjs';

// Whether somebody listens there.
export const answers = (port) =>
  new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });

// Returns when it has.
export async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((done) => child.on('exit', done));
}

// One that keeps what it was told: { url, stop, start }. Whoever asked for it stops it.
export async function redis(t, folder = scratch_folder(t)) {
  const [port] = await free_ports(1);
  let child;
  const start = async () => {
    child = spawn(
      'redis-server',
      ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
      { stdio: 'ignore' },
    );
    await until(() => answers(port));
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await ended(child);
  };
  await start();
  return { url: `redis://127.0.0.1:${port}/0`, start, stop };
}
