#include "flow/stdio_program.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "support/folder.hpp"
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

}  // namespace

ending stdio(std::string const& input, std::string const& arguments, std::string const& token,
             std::string const& feed) {
    folder const place;
    std::ofstream(place.path() / "input") << input;
    auto const command = "cd '" + place.path().string() + "' && " + feed + " MCP_ACCESS_TOKEN='" +
                         token + "' timeout 20 " + TOLLGATE_PROGRAM + " stdio " + arguments +
                         " 2>errors";
    auto* const pipe = ::popen(command.c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    ending e;
    auto const said = all_of(pipe);
    record_pipes(input, said);
    e.out = lines_of(said);
    auto const status = ::pclose(pipe);
    e.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    std::ifstream in(place.path() / "errors");
    e.err.assign(std::istreambuf_iterator<char>(in), {});
    return e;
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
