// The executable itself. Who includes this needs TOLLGATE_PROGRAM (test/CMakeLists.txt).
#pragma once

#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "support/folder.hpp"
#include "support/waiting.hpp"

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

inline std::string read_all(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// `tollgate ARGUMENTS` in an empty folder, for a minute at most.
class command {
public:
    explicit command(std::string const& arguments, std::string const& config = {}) {
        if (!config.empty()) std::ofstream(place_.path() / "config.toml") << config;
        auto const line = "cd '" + place_.path().string() + "' && { timeout 60 " +
                          TOLLGATE_PROGRAM + ' ' + arguments + "; } 2>'" + errors().string() + "'";
        out_ = ::popen(line.c_str(), "r");
        BOOST_REQUIRE(out_ != nullptr);
    }
    ~command() {
        if (out_ != nullptr) end();
    }
    command(command const&) = delete;
    command& operator=(command const&) = delete;

    std::FILE* out() const noexcept { return out_; }
    std::string log() const { return read_all(errors()); }
    // Reads what is left of stdout, which lasts until the program ends.
    ending end() {
        ending e;
        e.out = read_all(out_);
        auto const status = ::pclose(out_);
        out_ = nullptr;
        e.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        e.err = log();
        return e;
    }

private:
    std::filesystem::path errors() const { return place_.path() / "errors"; }

    folder place_;
    std::FILE* out_ = nullptr;
};

inline ending run_tollgate(std::string const& arguments, std::string const& config = {}) {
    return command(arguments, config).end();
}

// `tollgate serve` on free ports, which accepts when the constructor returns.
class serving {
public:
    explicit serving(std::string const& sets = {})
        : command_(
              "serve --ready-json --set authorization_server.listen=localhost:0 "
              "--set mcp.listen=localhost:0 " +
              sets) {
        for (int c = 0; c != '\n' && (c = std::fgetc(command_.out())) != EOF;)
            ready_ += static_cast<char>(c);
        if (!ready_.ends_with('\n')) BOOST_FAIL("it did not start: " << command_.log());
    }

    boost::json::object where() const { return boost::json::parse(ready_).as_object(); }
    bool has_logged(std::string_view text) const {
        return eventually([&] { return command_.log().find(text) != std::string::npos; });
    }
    // Asks it to end. `out` begins with the line that said that it is ready.
    ending stop() {
        ::kill(static_cast<pid_t>(where().at("pid").as_int64()), SIGTERM);
        auto e = command_.end();
        e.out.insert(0, ready_);
        return e;
    }

private:
    command command_;
    std::string ready_;
};

}  // namespace test
