#include "flow/stdio_program.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "support/message_log.hpp"

namespace test::pipes {

namespace json = boost::json;

namespace {

std::string all_of(std::FILE* from) {
    std::string all;
    std::array<char, 4096> piece{};
    while (auto const n = std::fread(piece.data(), 1, piece.size(), from))
        all.append(piece.data(), n);
    return all;
}

std::vector<json::value> lines_of(std::string const& all) {
    std::vector<json::value> lines;
    for (std::size_t at = 0; at < all.size();) {
        auto const end = std::min(all.find('\n', at), all.size());
        auto const text = all.substr(at, end - at);
        boost::system::error_code failed;
        lines.push_back(json::parse(text, failed));
        BOOST_TEST(!failed, "only JSON-RPC may go to stdout: " << text);
        at = end + 1;
    }
    return lines;
}

std::string command_line(folder const& place, std::string const& feed, std::string const& token,
                         std::string const& arguments) {
    return "cd '" + place.path().string() + "' && " + feed + " MCP_ACCESS_TOKEN='" + token +
           "' timeout 60 " + TOLLGATE_PROGRAM + " stdio " + arguments + " 2>errors";
}

int exit_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ending ending_of(folder const& place, std::string const& said, int status) {
    ending e;
    e.out = lines_of(said);
    e.code = exit_code(status);
    std::ifstream in(place.path() / "errors");
    e.err.assign(std::istreambuf_iterator<char>(in), {});
    return e;
}

}  // namespace

// Who has a pipe open for both never waits for the other side, and is told of no end.
conversation::conversation(std::string const& input, std::string const& arguments,
                           std::string const& token)
    : sent_(input) {
    std::ofstream(place_.path() / "input") << input;
    auto const feed = place_.path() / "feed";
    BOOST_REQUIRE(::mkfifo(feed.c_str(), 0600) == 0);
    feed_ = ::open(feed.c_str(), O_RDWR | O_CLOEXEC);
    BOOST_REQUIRE(feed_ >= 0);
    auto const line = command_line(place_, "{ cat input >feed & } &&", token, arguments + " <feed");
    out_ = ::popen(line.c_str(), "r");
    BOOST_REQUIRE(out_ != nullptr);
}

conversation::~conversation() {
    if (feed_ >= 0) ::close(feed_);
    if (out_ != nullptr) ::pclose(out_);
}

void conversation::hear(std::string_view part) {
    for (std::string line;;) {
        int const c = std::fgetc(out_);
        BOOST_REQUIRE_MESSAGE(c != EOF, "it ended before it said " << part << ": " << heard_);
        line += static_cast<char>(c);
        if (c != '\n') continue;
        heard_ += line;
        if (line.find(part) != line.npos) return;
        line.clear();
    }
}

void conversation::say(std::string const& lines) {
    sent_ += lines;
    BOOST_REQUIRE(::write(feed_, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
}

ending conversation::close() {
    ::close(feed_);
    feed_ = -1;
    return left();
}

ending conversation::left() {
    heard_ += all_of(out_);
    record_pipes(sent_, heard_);
    auto const status = ::pclose(out_);
    out_ = nullptr;
    return ending_of(place_, heard_, status);
}

int conversation::deafened() {
    auto const status = ::pclose(out_);
    out_ = nullptr;
    return exit_code(status);
}

ending stdio(std::string const& input, std::string const& arguments, std::string const& token,
             std::string const& feed) {
    folder const place;
    std::ofstream(place.path() / "input") << input;
    auto* const pipe = ::popen(command_line(place, feed, token, arguments).c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    auto const said = all_of(pipe);
    record_pipes(input, said);
    return ending_of(place, said, ::pclose(pipe));
}

std::string request(int id, std::string const& method, std::string const& params) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method +
           R"(","params":)" + params + "}\n";
}
std::string begin(std::string const& version) {
    return request(1, "initialize",
                   R"({"protocolVersion":")" + version +
                       R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}})") +
           "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
}
std::string call(int id, std::string const& tool, std::string const& arguments,
                 std::string const& more) {
    return request(id, "tools/call",
                   R"({"name":")" + tool + R"(","arguments":)" + arguments + more + "}");
}
std::string modern_meta(std::string const& more) {
    return R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
           R"("io.modelcontextprotocol/clientCapabilities":{})" +
           more + '}';
}

json::object answer(ending const& e, int id) {
    for (auto const& line : e.out) {
        auto const* const o = line.if_object();
        auto const* const found = o ? o->if_contains("id") : nullptr;
        if (found && *found == json::value(id)) return *o;
    }
    BOOST_REQUIRE_MESSAGE(false, "no answer to " << id << "; on stderr: " << e.err);
    return {};
}
std::string text_in(json::object const& response) {
    return std::string(response.at("result").at("content").at(0).at("text").as_string());
}

}  // namespace test::pipes
