# The text of `tollgate COMMAND --help` as Markdown for the manual: what is indented stays as it is laid
# out, options become a list of definitions, and what Markdown would take for a sign of its own is escaped.

# Between back quotes nothing is a sign.
function escaped(text,    parts, count, i, out) {
  count = split(text, parts, "`")
  for (i = 1; i <= count; i++) {
    if (i % 2 == 1) gsub(/[][\\*_<>#|~^$&]/, "\\\\&", parts[i])
    out = out (i > 1 ? "`" : "") parts[i]
  }
  return out
}

/^usage: / {
  sub(/^usage: /, "")
  print "## " escaped($0)
  next
}
/^options:$/ { in_options = 1; next }
in_options && /^  / {
  sub(/^  /, "")
  match($0, /  +/)
  name = substr($0, 1, RSTART - 1)
  meaning = substr($0, RSTART + RLENGTH)
  value = ""
  if (match(name, / /)) {
    value = " *" escaped(substr(name, RSTART + 1)) "*"
    name = substr(name, 1, RSTART - 1)
  }
  print "\n**" escaped(name) "**" value "\n\n: " escaped(meaning)
  next
}
/^  / {
  if (!laid_out) print ""
  laid_out = 1
  print "  " $0
  next
}
{
  if (laid_out && $0 != "") print ""
  laid_out = 0
  print escaped($0)
}
