// The proxies of docs/behind-a-proxy.md: how each is started with its file of examples/proxies, what the
// page says that differs from what every proxy should do (rows.mjs), and what it says happens without a line.
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { free_ports, scratch_folder, top, until } from '../lib/tollgate.mjs';

// Where scripts/test-proxies has unpacked Debian's packages.
const root = join(top, 'build/proxies/root');
const libraries = join(root, 'usr/lib/x86_64-linux-gnu');

// What stands behind "#" in a file, as it is typed: the commands of those that take more than a file.
const commands_in = (text, program) =>
  [...text.matchAll(/^# (\S+ .*)$/gm)].map((match) => match[1]).filter((command) => command.startsWith(`${program} `));

const without = (line) => (text) => {
  const lines = text.split('\n');
  const left = lines.filter((each) => !each.includes(line));
  if (left.length === lines.length) throw new Error(`no line has "${line}"`);
  return left.join('\n');
};

const instead_of = (words, others) => (text) => {
  if (!text.includes(words)) throw new Error(`nowhere "${words}"`);
  return text.replaceAll(words, others);
};

// A server that was told nothing of a proxy.
const told_nothing = { 'authorization_server.public_url': '', 'mcp.public_url': '', 'control.token': '' };
const no_public_url = {
  without: 'public URLs',
  change: (text) => text,
  set: told_nothing,
  row: 'metadata',
  seen: 'the addresses behind the proxy',
};
const open_control = (line) => ({
  without: `${line}, control.token`,
  change: without(line),
  set: told_nothing,
  row: 'the control plane without its token',
  seen: 'open to everybody',
});

// Each: `file`; `commands(folder, file, text, port)`, with port one that nobody uses; `seen`, by the name of the row;
// `negative`: { without, change, row, seen, set }.
export const proxies = {
  nginx: {
    file: 'nginx.conf',
    version: 'nginx -v',
    commands(folder, file) {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
      writeFileSync(
        join(folder, 'main.conf'),
        `daemon off; pid ${folder}/pid; error_log ${folder}/log; worker_processes auto; events {}
http { access_log off; gzip on; ${temporary.join(' ')} include ${file}; }
`,
      );
      return [`nginx -e ${folder}/log -c ${folder}/main.conf`];
    },
    negative: [
      { without: 'proxy_buffer_size', change: without('proxy_buffer_size'), row: 'a state of 3.9 kB', seen: '502' },
      { without: 'proxy_http_version', change: without('proxy_http_version'), row: 'a crash of the server', seen: 'looks finished' },
      open_control('X-Forwarded-For'),
      no_public_url,
    ],
  },
  haproxy: {
    file: 'haproxy.cfg',
    version: 'haproxy -v',
    commands: (folder, file) => [`haproxy -db -f ${file}`],
    negative: [
      { without: 'option http-no-delay', change: without('http-no-delay'), row: 'progress', seen: 'each 200 ms late' },
      { without: 'option abortonclose', change: without('abortonclose'), row: 'cancel by closing before an answer', seen: 'not seen' },
      open_control('option forwardfor'),
      no_public_url,
    ],
  },
  apache2: {
    file: 'apache2.conf',
    version: 'apache2 -v',
    commands(folder, file) {
      const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'filter', 'deflate'].map(
        (name) => `LoadModule ${name}_module ${root}/usr/lib/apache2/modules/mod_${name}.so\n`,
      );
      writeFileSync(
        join(folder, 'main.conf'),
        `ServerRoot ${folder}\nServerName localhost\nDefaultRuntimeDir ${folder}\nPidFile ${folder}/pid\nErrorLog ${folder}/log
User www-data\nGroup www-data\n${modules.join('')}AddOutputFilterByType DEFLATE text/html text/plain application/javascript
Include ${file}
`,
      );
      return [`apache2 -DFOREGROUND -f ${folder}/main.conf`];
    },
    seen: { 'cancel by closing before an answer': 'not seen', 'cancel by closing a stream': 'with the next events' },
  },
  lighttpd: {
    file: 'lighttpd.conf',
    version: 'lighttpd -v',
    commands(folder, file, text, port) {
      writeFileSync(
        join(folder, 'main.conf'),
        `server.document-root = "${folder}"\nserver.bind = "127.0.0.1"\nserver.port = ${port}
server.errorlog = "${folder}/log"\ninclude "${file}"
`,
      );
      return [`lighttpd -D -m ${root}/usr/lib/lighttpd -f ${folder}/main.conf`];
    },
    seen: { 'cancel by closing a stream': 'with the next events' },
    negative: [
      { without: 'server.stream-response-body', change: without('stream-response-body'), row: 'progress', seen: 'all at the end' },
      {
        without: 'server.stream-response-body, /sse',
        change: without('stream-response-body'),
        row: 'legacy HTTP+SSE',
        patience: 10,
        seen: 'nothing within 10 s',
      },
    ],
  },
  varnish: {
    file: 'varnish.vcl',
    version: 'varnishd -V',
    commands: (folder, file, text) =>
      commands_in(text, 'varnishd').map(
        (command) => `${command.replace('/etc/varnish/tollgate.vcl', file)} -F -j none -T none -n ${folder}/work`,
      ),
    seen: { 'cancel by closing before an answer': 'not seen', 'cancel by closing a stream': 'with the next events' },
  },
  squid: {
    file: 'squid.conf',
    version: 'squid -v',
    commands(folder, file) {
      chmodSync(folder, 0o777); // it becomes another user
      writeFileSync(
        join(folder, 'main.conf'),
        `pid_filename none\naccess_log none\ncache_log ${folder}/log\ncoredump_dir none\nvisible_hostname localhost
shutdown_lifetime 0 seconds\npinger_enable off\nmime_table ${root}/usr/share/squid/mime.conf
unlinkd_program ${root}/usr/lib/squid/unlinkd
logfile_daemon ${root}/usr/lib/squid/log_file_daemon
icon_directory ${root}/usr/share/squid/icons\nerror_directory ${root}/usr/share/squid/errors/templates
include ${file}\nhttp_access deny all
`,
      );
      return [`squid -N -f ${folder}/main.conf`];
    },
    negative: [{ without: 'login=PASSTHRU', change: instead_of(' login=PASSTHRU', ''), row: 'tools/call with a token of 6 kB', seen: '401' }],
  },
  caddy: {
    file: 'Caddyfile',
    version: 'caddy version',
    commands(folder, file) {
      writeFileSync(join(folder, 'main'), `{\n\tadmin off\n}\nimport ${file}\n`);
      return [`caddy run --adapter caddyfile --config ${folder}/main`];
    },
    seen: { 'a crash of the server': 'looks finished' },
  },
  h2o: {
    file: 'h2o.conf',
    version: 'h2o -v',
    commands: (folder, file) => [`h2o -c ${file}`],
    seen: {
      'cancel by closing before an answer': 'not seen',
      'cancel by closing a stream': 'with the next events',
      'a crash of the server': 'looks finished',
    },
    negative: [
      {
        without: 'mcp.heartbeat below 30 s',
        change: (text) => text,
        set: { 'mcp.heartbeat': '45s' },
        row: 'an open stream',
        seen: 'cut after 30 s',
      },
    ],
  },
  nghttpx: {
    file: 'nghttpx.conf',
    version: 'nghttpx -v',
    commands: (folder, file, text) =>
      commands_in(text, 'nghttpx').map((command) => command.replace('/etc/nghttpx/tollgate.conf', file)),
    negative: [
      { without: 'no-location-rewrite', change: without('no-location-rewrite'), row: 'authorization and token', seen: 'redirected to the proxy' },
    ],
  },
};

const environment = {
  ...process.env,
  LD_LIBRARY_PATH: `${libraries}:${join(root, 'usr/lib')}`,
  PATH: `${root}/usr/sbin:${root}/usr/bin:${process.env.PATH}`,
};

// Runs a line as a shell would, as one process that can be stopped by its id.
function begin(command, folder) {
  const child = spawn('bash', ['-c', `exec ${command}`], {
    cwd: folder,
    env: { ...environment, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = new Promise((done) => child.on('exit', done));
  return { child, ended, said: () => said };
}

// The first line that says a number.
export async function version_of({ version }) {
  const { ended, said } = begin(version, '/');
  await ended;
  return /.*\d\.\d.*/.exec(said())?.[0] ?? said();
}

// The four ports that stand in every file, in its order: the proxy's two, then tollgate's two.
export const ports_for_one = async () => Object.fromEntries((await free_ports(5)).map((port, i) => [[8100, 8101, 9100, 9101, 0][i], port]));

// Starts a proxy with its file, in which only ports (and what `change` changes) differ.
export async function start_proxy(t, { file, commands }, ports, change = (text) => text) {
  const folder = scratch_folder(t);
  const shipped = readFileSync(join(top, 'examples/proxies', file), 'utf8');
  const text = change(shipped).replaceAll(/\b(8100|8101|9100|9101)\b/g, (port) => ports[port]);
  const own = join(folder, file);
  writeFileSync(own, text);
  const running = commands(folder, own, text, ports[0]).map((command) => begin(command, folder));
  const kill = () => running.forEach(({ child }) => child.kill('SIGKILL'));
  process.once('exit', kill);
  t.after(async () => {
    process.off('exit', kill);
    for (const { child } of running) child.kill('SIGTERM');
    const late = setTimeout(kill, 5000);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(late);
  });
  const listening = async (port) => (await fetch(`http://localhost:${port}/`).catch(() => undefined)) !== undefined;
  await until(async () => {
    const gone = running.find(({ child }) => child.exitCode !== null);
    if (gone) throw new Error(`${file}: it ended by itself: ${gone.said().slice(-600)}`);
    return (await listening(ports[8100])) && (await listening(ports[8101]));
  });
}
