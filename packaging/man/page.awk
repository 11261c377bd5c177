# A page of these docs as Markdown for the manual: a table becomes a list of definitions (a terminal is too
# narrow for its columns), a link its text, and what is meant for GitHub or for the tests goes.

# Text of a link; a second round for a link in the text of another one.
function plain(text,    link) {
  while (match(text, /\[[^][]*\]\([^() ]*\)/)) {
    link = substr(text, RSTART + 1, RLENGTH - 1)
    link = substr(link, 1, index(link, "](") - 1)
    text = substr(text, 1, RSTART - 1) link substr(text, RSTART + RLENGTH)
  }
  return text
}
function trimmed(text) {
  gsub(/^ +| +$/, "", text)
  gsub(/\001/, "|", text)
  return text
}
function row(    cells, count, i, more, meaning) {
  gsub(/\\\|/, "\001")
  count = split($0, cells, "|") - 1
  if (!in_table) {
    for (i = 2; i <= count; i++) names[i] = trimmed(cells[i])
    in_table = 1
    return
  }
  if ($0 ~ /^\|[-:| ]+\|$/) return
  for (i = 3; i < count; i++)
    if (trimmed(cells[i]) != "")
      more = more (more == "" ? "" : "; ") "*" names[i] ":* " trimmed(cells[i])
  meaning = trimmed(cells[count])
  # One definition, with a break in it: of two, lowdown 2 makes one without a space between them.
  print "\n" trimmed(cells[2]) "\n\n: " meaning (meaning != "" && more != "" ? "  \n" : "") more
}

/^```/ { in_block = !in_block }
in_block || /^```/ { print; next }
/^<!--.*-->$/ { next }
{ $0 = plain($0) }
/^\|/ { row(); next }
in_table { in_table = 0; print "" }
/^# / { next } # the title of the page: the manual has its own
/^##+ / {
  sub(/^#/, "")
  gsub(/`/, "")
  gsub(/[][]/, "\\\\&")
}
{ print }
