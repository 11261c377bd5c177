# shellcheck shell=bash disable=SC2034
# What the scripts share. Sourced, not run: it changes to the top of the tree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# 1.81 on Debian 12, whose plain libboost-dev is older; elsewhere the one that the release prefers.
boost_packages() {
  local version=
  if [ "$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}")" = bookworm ]; then
    version=1.81
  fi
  printf '%s\n' "libboost$version-dev" "libboost-json$version-dev" "libboost-url$version-dev" \
    "libboost-test$version-dev"
}
mapfile -t boost < <(boost_packages)
build_packages=(cmake g++ ninja-build ccache mold "${boost[@]}" libssl-dev libtomlplusplus-dev
  libsqlite3-dev libhiredis-dev)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs those of the Debian packages that are missing; does and says nothing when none is.
need_packages() {
  local missing=() package
  if ! command -v dpkg-query >/dev/null; then
    return 0 # not Debian: the build will name what it does not find
  fi
  for package; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    die "missing Debian packages, and neither root nor sudo to install them: ${missing[*]}"
  fi
  say "installing Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! install_packages "${missing[@]}" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    die "could not install them; the whole output is in $log"
  fi
  rm -f "$log"
}

# The package lists are fetched only when the ones at hand do not do.
install_packages() {
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends
    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@")
  if as_root "${install[@]}"; then return 0; fi
  as_root apt-get update -q && as_root "${install[@]}"
}

# Installs Node.js only where there is none: a newer one than Debian's is fine.
need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    need_packages nodejs npm ca-certificates
  fi
}

# In test/clients: `npm ci` once per lock file; no install script of any package runs.
install_clients() {
  local stamp=node_modules/.installed
  if ! cmp -s package-lock.json "$stamp"; then
    say "installing npm packages of test/clients (into test/clients/node_modules)"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 </dev/null
    cp package-lock.json "$stamp"
  fi
}

# In test/clients. Some clients need a newer Node.js than Debian has: it comes as an npm package.
newest_node() {
  find "$PWD"/node_modules/node-linux-*/bin/node | head -n 1
}

# One compiler per core, but no more than memory allows (a sanitizer build takes 1.5 GB each).
jobs_here() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { n = int($2 / 1500000); print (n < 1 ? 1 : n) }' /proc/meminfo)
  echo $((cores < memory ? cores : memory))
}

# How long it will take, when it will take long. A step is 6 s of one core, measured.
announce_build() {
  local preset=$1 steps minutes cores
  shift
  steps=$(cmake --build --preset "$preset" "$@" -- -n | grep -c '^\[' || true)
  cores=$(jobs_here)
  minutes=$(((steps * 6 / cores + 59) / 60))
  if [ "$steps" -lt 10 ]; then return 0; fi
  say "building build/$preset: $steps steps, about $minutes minutes on $cores cores; next time only what changed"
}

# configure_and_build PRESET [TARGET…]: says nothing when all is built. Everything goes to stderr:
# stdout belongs to the program.
configure_and_build() {
  local preset=$1 targets=()
  shift
  if [ $# -gt 0 ]; then targets=(--target "$@"); fi
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "configuring build/$preset"
    cmake --preset "$preset" >&2
  fi
  announce_build "$preset" "${targets[@]}"
  cmake --build --preset "$preset" -j "$(jobs_here)" "${targets[@]}" |
    sed -u -E '/Re-checking globbed directories|ninja: no work to do/d' >&2
}
