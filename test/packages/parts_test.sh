#!/bin/sh
# shellcheck disable=SC2013,SC2016
# parts_test.sh PROGRAM: the manual tells all that the program and the pages tell, the program of the npm
# package is become and not watched, and files that name each other agree. Needs none of the packages.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
: >"$folder/failures"

fail() { echo "$*" | tee -a "$folder/failures"; }
# says TEXT WHAT: the manual has the text as it is written
says() { grep -qF -- "$1" "$manual" || fail "the manual lacks $2"; }

# Markdown's escapes taken away, the manual must tell the same.
manual=$folder/manual
scripts/man-pages "$program" --markdown | sed 's/\\\(.\)/\1/g' >"$manual"

commands=$("$program" --help | sed -n '/^usage/,/^To begin/s/^  \([a-z][a-z]*\) .*/\1/p')
[ "$(echo "$commands" | wc -w)" -ge 6 ] || fail "--help lists too few commands to be true: $commands"
for command in $commands; do
  says "## tollgate $command" "the command $command"
  "$program" "$command" --help >"$folder/help"
  for option in $(sed -n '/^options:/,$s/^  \(--[a-z-]*\).*/\1/p' "$folder/help"); do
    says "**$option**" "the option $option of $command"
  done
  # What is indented is laid out, and must stay so.
  sed -n '2,/^options:/s/^  //p' "$folder/help" >"$folder/laid_out"
  while read -r line; do says "    $line" "a line of $command --help: $line"; done <"$folder/laid_out"
done
for variable in $(sed -n '/^## Environment/,/^## Log/s/^| `\(.*\)` |.*/\1/p' docs/command-line.md |
  tr -c 'A-Z_\n' '\n' | grep -E '^[A-Z_]{6,}$'); do
  says "$variable" "the environment variable $variable"
done
for key in $("$program" check --keys | sed -n 's/^| `\([a-z_.]*\)` |.*/\1/p'); do
  says "\`$key\`" "the key $key"
done
says '# EXIT STATUS' 'the exit codes'
says 'what the server knows and does not tell' 'the log'
says '0 fine, 1 a check failed' 'the exit codes'
if grep -nE '^\||\]\([a-z./#-]+\)|^<!--' "$manual"; then fail "tables, links or comments of the pages are left in the manual"; fi

# The start of the npm package, with a program that says what it got.
mkdir -p "$folder/npm/bin" "$folder/npm/lib" "$folder/links"
cp packaging/npm/tollgate "$folder/npm/bin/tollgate"
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$$ $*"\nexit 7\n' >"$folder/npm/lib/tollgate"
chmod +x "$folder/npm/lib/tollgate"
ln -s ../npm/bin/tollgate "$folder/links/tollgate"
if [ "$(uname -sm)" = 'Linux x86_64' ] && [ -e /lib64/ld-linux-x86-64.so.2 ]; then
  # npm_start ARGUMENT…: pid before, pid and arguments after, exit code
  npm_start() {
    code=0
    # shellcheck disable=SC2016
    sh -c 'echo $$; exec "$@"' sh "$folder/links/tollgate" "$@" >"$folder/said" || code=$?
    before=$(sed -n 1p "$folder/said")
    after=$(sed -n '2s/ .*//p' "$folder/said")
    got=$(sed -n '2s/^[0-9]* //p' "$folder/said")
  }
  npm_start
  [ "$got" = serve ] || fail "npx tollgate does not serve, but: $got"
  [ "$code" -eq 7 ] || fail "npx tollgate does not pass exit codes on: $code"
  [ "$before" = "$after" ] || fail "npx tollgate does not become the program, so signals get lost"
  npm_start scenario 'a b'
  [ "$got" = 'scenario a b' ] || fail "npx tollgate changes the arguments: $got"
fi
mkdir "$folder/other"
printf '#!/bin/sh\necho Darwin arm64\n' >"$folder/other/uname"
chmod +x "$folder/other/uname"
if PATH=$folder/other:$PATH "$folder/links/tollgate" 2>"$folder/said"; then fail "npx tollgate is content with macOS"; fi
grep -q 'Linux on x64 only, and this is Darwin arm64' "$folder/said" || fail "npx tollgate does not say what it is missing"

# The unit starts what the package installs.
grep -q '^ExecStart=/usr/bin/tollgate serve --config /etc/tollgate/config.toml$' packaging/deb/tollgate.service ||
  fail "the unit starts something else"
grep -qx /etc/tollgate/config.toml packaging/deb/conffiles || fail "the configuration is no conffile"
for script in postinst prerm postrm; do
  [ -x packaging/deb/$script ] || fail "packaging/deb/$script cannot be run"
  sh -n packaging/deb/$script || fail "packaging/deb/$script is no shell script"
done

# All that the Dockerfile copies is let in.
for path in $(sed -n 's/^COPY \([^-].*\) [^ ]*$/\1/p' Dockerfile); do
  [ -e "$path" ] || fail "the Dockerfile copies $path, which is not there"
  grep -qxF "!$path" .dockerignore || fail ".dockerignore keeps $path from the Dockerfile"
done

# What its first stage copies is enough to configure what that stage builds.
mkdir "$folder/image"
for path in $(sed -n '/ AS build$/,/^FROM /s/^COPY \([^-].*\) [^ ]*$/\1/p' Dockerfile); do
  cp -r --parents "$path" "$folder/image"
done
(cd "$folder/image" && cmake --preset portable) >"$folder/said" 2>&1 ||
  fail "what the Dockerfile copies cannot be configured: $(tail -n 20 "$folder/said")"

[ ! -s "$folder/failures" ]
