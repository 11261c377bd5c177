// `tollgate stdio`: the executable, spoken to through pipes.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "support/folder.hpp"

namespace test::pipes {

struct ending {
    int code = -1;
    std::vector<boost::json::value> out;  // the lines of stdout
    std::string err;
};

// A running `tollgate stdio ARGUMENTS`, for a minute at most. What stands in `input` is sent at
// once, and stdin stays open until it is closed.
class conversation {
public:
    explicit conversation(std::string const& input,
                          std::string const& arguments = "--set mcp.auth=none",
                          std::string const& token = {});
    ~conversation();
    conversation(conversation const&) = delete;
    conversation& operator=(conversation const&) = delete;

    // Waits for the next line that holds `part`; fails the test when the program ends without it.
    void hear(std::string_view part);
    // After something was heard that answers `input`.
    void say(std::string const& lines);
    // stdin ends, and the program with it.
    ending close();
    // The program ends by itself, while stdin is open. 124 is the code when it does not.
    ending left();
    // The same when nobody reads its stdout any more; nothing of that is kept.
    int deafened();

private:
    folder place_;
    std::string sent_;
    std::string heard_;
    int feed_ = -1;
    std::FILE* out_ = nullptr;
};

// Runs `tollgate stdio ARGUMENTS` on `input`, which `feed` sends.
ending stdio(std::string const& input, std::string const& arguments = "--set mcp.auth=none",
             std::string const& token = {}, std::string const& feed = "cat input |");

// Lines to send. `begin`: initialize and initialized.
std::string request(int id, std::string const& method, std::string const& params = "{}");
std::string begin(std::string const& version = "2025-11-25");
std::string call(int id, std::string const& tool, std::string const& arguments,
                 std::string const& more = "");
// A member for params: what a request of 2026-07-28 says of itself, and `more`.
std::string modern_meta(std::string const& more = "");

// The answer with that id; fails the test when there is none.
boost::json::object answer(ending const& e, int id);
std::string text_in(boost::json::object const& response);

}  // namespace test::pipes
