# Functions whose body has more than 40 lines (in tests 60), as clang-format lays them out: a body ends at the brace
# that stands where the line began that its head began with.
function depth(line) { match(line, /[^ ]/); return RSTART - 1 }
{
  at = depth($0)
  if ((at == 0 || at == 4) && $0 !~ /^ *(\}|\/\/|#|:|,|$)/) { head[at] = $0; last = at }
  if ($0 ~ /\{$/) opened[at == 0 || at == 4 ? at : last] = FNR
  if ($0 == "}" || $0 == "    }") {
    lines = FNR - opened[at] - 1
    most = FILENAME ~ /^test/ ? 60 : 40
    if (lines > most && head[at] !~ /^ *(struct|class|enum|union|namespace|extern)[ {]/)
      print FILENAME ":" opened[at] ": a function of " lines " lines, " most " are allowed"
  }
}
