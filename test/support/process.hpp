// Programs that tests start.
#pragma once

#include <string>
#include <vector>

namespace test {

// Starts words[0], found along PATH; it ends with this process, however that ends, and has none
// of its files. Its output goes to the end of the file `log`. The process id; std::runtime_error
// where it cannot be started.
int start_process(std::vector<std::string> words, std::string const& log);

}  // namespace test
