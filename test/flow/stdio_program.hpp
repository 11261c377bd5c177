// `tollgate stdio`: the executable, spoken to through pipes.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace test::pipes {

struct ending {
    int code = -1;
    std::vector<boost::json::value> out;  // the lines of stdout
    std::string err;
};

// Runs `tollgate stdio ARGUMENTS` on `input`, which `feed` sends ("cat input |", or with pauses).
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
