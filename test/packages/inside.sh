#!/bin/sh
# What scripts/test-packages does with a package inside a clean Debian: inside.sh STAGE PACKAGE. The stages
# of each kind, in their order. What ends in _offline has no network but loopback, what ends in _booted
# has systemd besides:
# deb: install_deb tools_deb use_deb_offline service_deb_booted purge_deb
# tarball: tools_tarball use_tarball_offline
# npm: tools_npm use_npm_offline
set -eu
stage=$1
package=$2
cd /check

ok() { echo "ok: $*"; }
die() {
  echo "$*" >&2
  exit 1
}
apt_install() { apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"; }

# start COMMAND…: a server in the background, until both of its listeners answer.
start() {
  "$@" >server.out 2>server.log &
  server=$!
  for port in 9100 9101; do
    curl -s --retry 100 --retry-connrefused --retry-delay 1 --retry-max-time 20 -o healthz "http://localhost:$port/healthz" ||
      die "no server: $(cat server.log)"
    curl -sf "http://localhost:$port/healthz" >healthz || die "/healthz of $port: $(cat healthz)"
  done
}
finish() {
  code=0
  kill -TERM "$server"
  wait "$server" || code=$?
  if [ "$code" -ne 0 ]; then die "SIGTERM ended it with $code: $(tail -n 5 server.log)"; fi
}

# The README, step by step, and what the client tests expect of each.
walk() {
  walked=/check/walked
  bash /check/walk.sh >$walked 2>/check/walk.err || die "the walk of the README failed: $(cat $walked /check/walk.err)"
  for said in '^HTTP/1.1 401' 'resource_metadata=' '"authorization_servers"' '"registration_endpoint"' 'Hello from curl!'; do
    grep -q -- "$said" $walked || die "the walk does not say $said: $(cat $walked)"
  done
}

install_deb() {
  apt-get -q update
  begin=$(date +%s)
  apt-get -q -y -o Dpkg::Use-Pty=0 install "$package"
  took=$(($(date +%s) - begin))
  if [ "$took" -ge 60 ]; then die "the installation took $took s"; fi
  ok "installed in $took s"
  tollgate --version
  getent passwd tollgate
  dpkg-query -W -f='${Conffiles}' tollgate | grep -q '^ /etc/tollgate/config.toml ' || die "no conffile"
  for doc in README.md docs/install.md examples/broker.toml copyright changelog.gz; do
    [ -f "/usr/share/doc/tollgate/$doc" ] || die "no $doc among the documents"
  done
  if find /etc/systemd -name 'tollgate*' | grep .; then die "it is enabled"; fi
  ok "$(tollgate --version), not enabled, configuration and documents are there"
}

tools_deb() { apt_install man-db curl openssl systemd; }

use_deb_offline() {
  man -w tollgate
  man -w 5 tollgate-config
  man tollgate | grep -q 'tollgate serve' || die "an empty manual"
  ok "man -w tollgate, man -w tollgate-config"
  # shellcheck disable=SC2046
  set -- $(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/tollgate.service)
  start setpriv --reuid tollgate --regid tollgate --clear-groups "$@"
  walk
  tollgate scenario state >told
  finish
  ok "served as the unit says: /healthz, the walk of the README, SIGTERM ended it with 0"
  systemd-analyze verify /usr/lib/systemd/system/tollgate.service >verified 2>&1 || die "$(cat verified)"
  if grep -i tollgate verified; then die "systemd-analyze complains"; fi
  ok "systemd-analyze verify"
}

service_deb_booted() {
  systemctl start tollgate
  first=$(systemctl show -p MainPID --value tollgate)
  curl -sf --retry 20 --retry-connrefused --retry-delay 1 http://localhost:9101/healthz
  walk
  systemctl reload tollgate
  for _ in $(seq 100); do
    if systemctl status -n 100 tollgate | grep -q reloaded; then break; fi
    sleep 0.1
  done
  systemctl status -n 100 tollgate | grep -q reloaded || die "systemctl reload does nothing"
  ok "systemctl start and reload, as the user $(stat -c %U /var/lib/tollgate); the walk of the README"

  echo '# mine' >>/etc/tollgate/config.toml
  dpkg-deb -R "$package" newer
  sed -i 's/^Version: .*/&+1/' newer/DEBIAN/control
  dpkg-deb -b newer newer.deb
  apt-get -q -y -o Dpkg::Use-Pty=0 install ./newer.deb
  dpkg-query -W -f='${Version}\n' tollgate | grep -q '+1$' || die "not upgraded"
  tail -n 1 /etc/tollgate/config.toml | grep -q '^# mine$' || die "the configuration was replaced"
  second=$(systemctl show -p MainPID --value tollgate)
  if [ "$second" = "$first" ] || [ "$second" = 0 ]; then die "the upgrade did not restart it: $first, $second"; fi
  curl -sf --retry 20 --retry-connrefused --retry-delay 1 http://localhost:9101/healthz
  ok "an upgrade keeps the configuration as it was changed, and restarts what runs"
  apt-get -q -y -o Dpkg::Use-Pty=0 remove tollgate
  if curl -s http://localhost:9101/healthz; then die "remove leaves it running"; fi
  ok "remove stops it"
}

purge_deb() {
  if [ -e /usr/bin/tollgate ] || [ -e /usr/share/doc/tollgate ]; then die "remove left the program"; fi
  [ -f /etc/tollgate/config.toml ] || die "remove took the configuration away"
  apt-get -q -y -o Dpkg::Use-Pty=0 install "$package"
  mkdir -p /var/lib/tollgate /etc/tollgate/certs
  systemctl enable tollgate.service
  [ -L /etc/systemd/system/multi-user.target.wants/tollgate.service ] || die "it cannot be enabled"
  apt-get -q -y -o Dpkg::Use-Pty=0 remove tollgate
  apt-get -q -y -o Dpkg::Use-Pty=0 purge tollgate
  if find / -xdev -path /check -prune -o -path /var/log -prune -o -path /var/cache/man -prune -o -iname '*tollgate*' -print | grep .; then
    die "purge left something"
  fi
  if grep tollgate /etc/passwd /etc/shadow /etc/group; then die "purge left the user"; fi
  ok "remove keeps the configuration, purge leaves nothing"
}

tools_tarball() {
  apt-get -q update
  apt_install man-db curl openssl ca-certificates
}

# Whether the proxy can ask its provider, which speaks https with a certificate of its own.
asks_provider() {
  start env "$@" OAUTH_ISSUER=https://localhost:9443 ./tollgate serve
  asked=$(curl -s -o /dev/null -w '%{http_code}' http://localhost:9100/.well-known/oauth-authorization-server)
  finish
  [ "$asked" = 200 ]
}

use_tarball_offline() {
  tar -xzf "$package"
  cd tollgate-*-linux-x64
  ./tollgate --version
  man -M "$PWD/man" -w tollgate
  start ./tollgate serve
  walk
  finish
  ok "served out of its folder: /healthz, the walk of the README, SIGTERM ended it with 0"

  mkdir ../provider
  ./tollgate certs --dir ../provider/certs
  : >../provider/config.toml
  ./tollgate serve --config ../provider/config.toml --set authorization_server.listen=localhost:9443 \
    --set mcp.listen=localhost:9443 >../provider.log 2>&1 &
  provider=$!
  if asks_provider A=; then die "it trusts whom nobody trusts"; fi
  asks_provider SSL_CERT_FILE="$PWD/../provider/certs/ca.pem" || die "SSL_CERT_FILE does not count"
  ok "trusts the certificates of SSL_CERT_FILE"
  cp ../provider/certs/ca.pem /usr/local/share/ca-certificates/provider.crt
  update-ca-certificates
  asks_provider A= || die "the certificates of the system do not count"
  ok "trusts the certificates of the system"
  kill -TERM $provider
}
tools_npm() {
  apt-get -q update
  apt_install curl openssl nodejs npm
}

use_npm_offline() {
  export npm_config_update_notifier=false npm_config_offline=true
  mkdir project
  cd project
  npm install --no-audit --no-fund "$package"
  npx tollgate --version
  start npx tollgate
  walk
  # npm ends by the signal; it passes it to its shell, and the program hears of that.
  kill -TERM "$server"
  wait "$server" || true
  for _ in $(seq 100); do
    if ! curl -s -o healthz http://localhost:9101/healthz; then break; fi
    sleep 0.1
  done
  if curl -s http://localhost:9101/healthz; then die "npx is gone and the program is not"; fi
  ok "npx tollgate serves: /healthz, the walk of the README; SIGTERM to npx ends the program, too"
  start node_modules/.bin/tollgate
  finish
  ok "node_modules/.bin/tollgate: SIGTERM ended it with 0"
  code=0
  npx tollgate check --set nonsense=1 || code=$?
  [ "$code" -eq 2 ] || die "npx tollgate check ended with $code, not with 2"
  start node_modules/.bin/tollgate serve --set authorization_server.introspection=open
  walk
  token=$(sed -n 's/^\([A-Za-z0-9_.~-]\{16,\}\)$/\1/p' $walked | sed -n 3p)
  echo '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}' |
    MCP_ACCESS_TOKEN=$token npx tollgate stdio --set authorization_server.introspection=open >stdio.out ||
    die "npx tollgate stdio failed"
  grep -q '"serverInfo"' stdio.out || die "npx tollgate stdio said: $(cat stdio.out)"
  finish
  ok "passes exit codes on, and speaks over stdio"
}

$stage
