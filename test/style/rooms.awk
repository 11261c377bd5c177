# Which room may include which, from rooms.txt: what is wrong with the list itself, and each include
# that it does not allow. Input: FILE:LINE:#include "…" lines; -v rooms=FILE -v folders=LIST.
function room(path) { return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : "." }
# Whether `to` can be reached from `from` by more than nothing: a cycle when both are the same.
function reaches(from, to,    i, next_room) {
  seen[from] = 1
  for (i = 1; i <= count[from]; i++) {
    next_room = list[from, i]
    if (next_room == to) return 1
    if (!(next_room in seen) && reaches(next_room, to)) return 1
  }
  return 0
}
function read_rooms(    line, colon, name, n, parts, i) {
  while ((getline line < rooms) > 0) {
    number++
    if (line ~ /^#/ || line == "") continue
    colon = index(line, ":"); name = substr(line, 1, colon - 1)
    if (name in known) print rooms ":" number ": " name " is listed twice"
    known[name] = number
    n = split(substr(line, colon + 1), parts, " ")
    for (i = 1; i <= n; i++) { may[name, parts[i]] = 1; list[name, ++count[name]] = parts[i] }
  }
}
BEGIN {
  read_rooms()
  n = split(folders, all, " ")
  for (i = 1; i <= n; i++) {
    there[all[i]] = 1
    if (!(all[i] in known)) print "src/" all[i] ":1: this room is not listed in rooms.txt"
  }
  for (name in known) {
    if (!(name in there)) print rooms ":" known[name] ": there is no source in src/" name
    for (i = 1; i <= count[name]; i++) {
      if (list[name, i] != "*" && !(list[name, i] in known))
        print rooms ":" known[name] ": " list[name, i] " is no room"
    }
    split("", seen)
    if (reaches(name, name)) print rooms ":" known[name] ": " name " includes itself in a circle"
  }
}
{
  split($0, part, ":"); file = part[1]
  match($0, /"[^"]*"/)
  included = substr($0, RSTART + 1, RLENGTH - 2)
  from = room(substr(file, 5)); to = room(included)
  if (from == to || (from, to) in may) next
  if ((from, "*") in may && to in known && to !~ /^(app|cli|\.)$/) next
  print file ":" part[2] ": " from " may not include " to
}
