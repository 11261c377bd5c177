# What ctest's log says of Boost.Test programs (--log_level=test_suite) and of other entries, which count as
# one test each: "passed N" in the end, and "failed NAME" for each that did not pass.
# A program that dies names no case: then it is the one that it was in.

function failed(name) {
  if (name in known) return
  known[name] = 1
  named = 1
  print "failed " name
}

function quoted(line) {
  match(line, /"[^"]*"/)
  return substr(line, RSTART + 1, RLENGTH - 2)
}

function full_name(case_name, i, path) {
  path = test "_tests: "
  for (i = 1; i <= depth; ++i) path = path suites[i] "/"
  return path case_name
}

/^[0-9]+\/[0-9]+ Test: / {
  test = $3
  in_case = ""
  depth = cases = named = good = bad_case = 0
}
/: Entering test suite "/ { suites[++depth] = quoted(substr($0, index($0, "Entering"))) }
/: Leaving test suite "/ { --depth }
/: Entering test case "/ {
  in_case = full_name(quoted(substr($0, index($0, "Entering"))))
  bad_case = 0
  ++cases
}
/: Leaving test case "/ {
  if (!bad_case) ++passed
  in_case = ""
}
/error: in "/ {
  bad_case = 1
  failed(test "_tests: " quoted(substr($0, index($0, "error: in "))))
}
/^Test Passed\.$/ { good = 1 }
/^"[^"]+" end time: / {
  if (good && cases == 0) ++passed
  if (!good && in_case != "") failed(in_case)
  if (!good && !named) failed(cases == 0 ? test : test "_tests: after its cases")
}
END { print "passed " passed + 0 }
