// The executable itself. Who includes this needs TOLLGATE_PROGRAM (test/CMakeLists.txt).
#pragma once

#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "support/folder.hpp"

namespace test {

struct ending {
    int code = -1;
    std::string out;
    std::string err;
};

inline std::string read_all(std::FILE* from) {
    std::string all;
    std::array<char, 4096> piece{};
    while (auto const n = std::fread(piece.data(), 1, piece.size(), from))
        all.append(piece.data(), n);
    return all;
}

// Runs `tollgate ARGUMENTS` in an empty folder, for ten seconds at most.
inline ending run_tollgate(std::string const& arguments, std::string const& config = {}) {
    folder const place;
    auto const errors = place.path() / "errors";
    if (!config.empty()) std::ofstream(place.path() / "config.toml") << config;
    auto const command = "cd '" + place.path().string() + "' && { timeout 10 " + TOLLGATE_PROGRAM +
                         ' ' + arguments + "; } 2>'" + errors.string() + "'";
    auto* const pipe = ::popen(command.c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    ending e;
    e.out = read_all(pipe);
    auto const status = ::pclose(pipe);
    e.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    std::ifstream in(errors);
    e.err.assign(std::istreambuf_iterator<char>(in), {});
    return e;
}

}  // namespace test
