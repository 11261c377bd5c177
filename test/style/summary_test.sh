#!/bin/sh
# scripts/summary.awk names what failed, however it did, and counts the rest.
set -eu
cd "$(dirname "$0")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# entry NAME Passed|Failed, its output on stdin
entry() {
  cat >>"$log" <<X
1/9 Testing: $1
1/9 Test: $1
Command: "/somewhere/$1_tests" "--log_level=test_suite"
"$1" start time: Nov 29 10:00 UTC
Output:
----------------------------------------------------------
$(cat)
<end of output>
Test time =   0.01 sec
----------------------------------------------------------
Test $2.
"$1" end time: Nov 29 10:00 UTC
"$1" time elapsed: 00:00:00
X
}

entry http Failed <<'X'
unknown location(0): Entering test module "tollgate"
/t/a_test.cpp(1): Entering test suite "outer"
/t/a_test.cpp(2): Entering test suite "inner"
/t/a_test.cpp(3): Entering test case "is_good"
/t/a_test.cpp(3): Leaving test case "is_good"; testing time: 10us
/t/a_test.cpp(4): Entering test case "is_wrong_twice"
/t/a_test.cpp(5): error: in "outer/inner/is_wrong_twice": check a == b has failed
/t/a_test.cpp(6): fatal error: in "outer/inner/is_wrong_twice": critical check c has failed
/t/a_test.cpp(4): Leaving test case "is_wrong_twice"; testing time: 10us
/t/a_test.cpp(2): Leaving test suite "inner"; testing time: 10us
/t/a_test.cpp(7): Entering test case "crashes"
AddressSanitizer:DEADLYSIGNAL
X
entry sse Passed <<'X'
/t/b_test.cpp(1): Entering test suite "sse_stream"
/t/b_test.cpp(3): Entering test case "says \"error: \" and is good"
/t/b_test.cpp(3): Leaving test case "says \"error: \" and is good"; testing time: 10us
/t/b_test.cpp(1): Leaving test suite "sse_stream"; testing time: 10us
X
entry mcp Failed <<'X'
/t/c_test.cpp(1): Entering test suite "tools"
/t/c_test.cpp(3): Entering test case "is_good"
/t/c_test.cpp(3): Leaving test case "is_good"; testing time: 10us
/t/c_test.cpp(1): Leaving test suite "tools"; testing time: 10us
LeakSanitizer: detected memory leaks
X
entry style_sizes Failed <<'X'
src/a.cpp has 500 lines
X
entry style_layering Passed </dev/null

expected='failed http_tests: outer/inner/is_wrong_twice
failed http_tests: outer/crashes
failed mcp_tests: after its cases
failed style_sizes
passed 4'
found=$(awk -f scripts/summary.awk "$log")
if [ "$found" != "$expected" ]; then
  printf 'expected:\n%s\nfound:\n%s\n' "$expected" "$found"
  exit 1
fi
