#!/bin/sh
# Rules of the source that no compiler checks. Usage: check.sh RULE [TREE]
#   rooms       which room of src may include which (test/style/rooms.txt)
#   coroutines  what GCC 12 miscompiles: see "Coroutines" in CONTRIBUTING.md
#   sizes       files of at most 300 lines in src, of 400 elsewhere; rooms of at most 25 files; functions
#   leftovers   nothing left undone in so many words
# Prints every offence as FILE:LINE: text; exit 1 when there is one.
set -eu
rule=$1
here=$(cd "$(dirname "$0")" && pwd)
tree=${2:-$here/../..}
cd "$tree"

sources() {
  find "$@" -type f \( -name '*.cpp' -o -name '*.hpp' -o -name '*.ipp' \) \
    -not -path '*/node_modules/*' 2>/dev/null | sort
}

# Comments and the contents of literals blanked, so that only code is looked at; lines keep their numbers.
code_of() {
  awk '
    {
      line = $0; out = ""; i = 1; n = length(line)
      while (i <= n) {
        c = substr(line, i, 1); two = substr(line, i, 2)
        if (block) { if (two == "*/") { block = 0; i += 2 } else i++; continue }
        if (raw != "") {
          at = index(substr(line, i), raw)
          if (at) { i += at - 1 + length(raw); raw = ""; out = out "\"\"" } else i = n + 1
          continue
        }
        if (two == "//") break
        if (two == "/*") { block = 1; i += 2; continue }
        if (two == "R\"" && substr(line, i - 1, 1) !~ /[A-Za-z0-9_]/) {
          open = index(substr(line, i + 2), "(")
          raw = ")" substr(line, i + 2, open - 1) "\""; i += open + 2; continue
        }
        if (c == "\"" || (c == "\x27" && substr(line, i - 1, 1) !~ /[0-9a-fA-F]/)) {
          q = c; i++
          while (i <= n && substr(line, i, 1) != q) { if (substr(line, i, 1) == "\\") i++; i++ }
          i++; out = out q q; continue
        }
        out = out c; i++
      }
      print out
    }' "$1"
}

rooms() {
  folders=$(sources src | sed -E 's|^src/||; s|/?[^/]*$||; s|^$|.|' | sort -u | tr '\n' ' ')
  sources src | xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' /dev/null |
    awk -v rooms=test/style/rooms.txt -v folders="$folders" -f "$here/rooms.awk"
  for file in $(sources src | grep -v '^src/http/'); do
    grep -nE '#[[:space:]]*include[[:space:]]*<boost/(beast|asio/ssl)' "$file" |
      sed -E "s|^([0-9]+):.*|$file:\1: Beast and TLS headers stay in src/http|" || true
  done
}

# One pass over the code: statements end at ; { or } outside of parentheses.
coroutines() {
  for file in $(sources src test); do
    grep -qE 'co_await|task<|awaitable<' "$file" || continue
    code_of "$file" | awk -v file="$file" '
      function offence(text) { print file ":" start ": " text }
      # Whether co_await stands between the parentheses of an if, while, switch or for.
      function in_condition(text,    i, open, c) {
        while (match(text, /(^|[^A-Za-z0-9_])(if|while|switch|for)[ ]*(constexpr[ ]*)?[(]/)) {
          text = substr(text, RSTART + RLENGTH)
          open = 1
          for (i = 1; i <= length(text) && open; i++) {
            c = substr(text, i, 1)
            if (c == "(") open++
            if (c == ")") open--
          }
          if (substr(text, 1, i - 1) ~ /(^|[^A-Za-z0-9_])co_await([^A-Za-z0-9_]|$)/) return 1
        }
        return 0
      }
      function finish(end) {
        n = gsub(/(^|[^A-Za-z0-9_])co_await([^A-Za-z0-9_]|$)/, "&", statement)
        if (n > 1) offence("more than one co_await in a statement")
        if (n && in_condition(statement)) offence("co_await in a condition")
        if (n && end == "}") offence("co_await between braces: name its result first")
        if (n && statement ~ /co_await.*[{]/) offence("a braced temporary beside co_await: name it first")
        if (n && statement ~ /co_await.*[?]|[?].*co_await/) offence("a conditional operand of co_await: name it first")
        if (n && statement ~ /co_await.*[[][^]]*[]][ ]*[(]/) offence("a lambda as operand of co_await: name it first")
        statement = ""; start = 0
      }
      {
        line = $0
        for (i = 1; i <= length(line); i++) {
          c = substr(line, i, 1)
          if (c == "(") depth++
          if (c == ")") depth--
          # An opening brace ends a statement unless it stands inside an operand of co_await.
          closes = c == ";" && depth <= 0
          if (c == "{" && depth <= 0 && statement !~ /co_await[^;]*[A-Za-z0-9_>(,][ ]*$/) closes = 1
          if (c == "}" && depth <= 0) closes = 1
          if (statement == "" && c ~ /[ \t]/) continue
          if (statement == "") start = NR
          if (closes) { finish(c); continue }
          statement = statement c
        }
        if (statement ~ /^#/) statement = ""
        if (statement != "") statement = statement " "
      }'
    code_of "$file" | grep -nE '\[[^]]*[A-Za-z&=][^]]*\][^;{]*->[[:space:]]*([a-z_]+::)*(task|awaitable)<' |
      sed -E "s|^([0-9]+):.*|$file:\1: a lambda coroutine with captures|" || true
  done
}

sizes() {
  for file in $(sources src test) $(find scripts test/clients bench -type f \( -name '*.mjs' -o -path 'scripts/*' \) -not -path '*/node_modules/*' 2>/dev/null); do
    lines=$(wc -l <"$file")
    case $file in src/*) most=300 ;; *) most=400 ;; esac
    if [ "$lines" -gt $most ]; then echo "$file:$most: $lines lines, $most are allowed"; fi
  done
  for room in $(sources src | sed 's|/[^/]*$||' | sort | uniq -c | awk '$1 > 25 { print $2 ":" $1 }'); do
    echo "${room%:*}:1: a room of ${room#*:} files, 25 are allowed"
  done
  sources src test | xargs awk -f "$here/functions.awk"
}

leftovers() {
  # The words are put together here, so that this file does not find itself.
  words="TO""DO|FIX""ME|X""XX|HA""CK"
  for file in $(sources src test) $(find scripts examples fixtures docs -type f 2>/dev/null) README.md CMakeLists.txt; do
    if [ -f "$file" ]; then
      grep -nE "(^|[^A-Za-z])($words)([^A-Za-z]|\$)" "$file" | sed "s|^|$file:|" || true
    fi
  done
}

case $rule in
  rooms | coroutines | sizes | leftovers) ;;
  *)
    echo "usage: check.sh rooms|coroutines|sizes|leftovers [TREE]" >&2
    exit 2
    ;;
esac
offences=$($rule)
if [ -n "$offences" ]; then
  printf '%s\n' "$offences"
  exit 1
fi
