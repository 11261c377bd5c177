// The executable itself: exit codes, and who may write to stdout.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/command.hpp"
#include "flow/program.hpp"

namespace {

using namespace test;

BOOST_AUTO_TEST_SUITE(command_flow)

BOOST_AUTO_TEST_CASE(help_and_version_go_to_stdout_and_end_well) {
    for (auto const* arguments : {"--help", "--version", "serve --help", "scenarios"}) {
        auto const e = run_tollgate(arguments);
        BOOST_TEST(e.code == 0, arguments);
        BOOST_TEST(!e.out.empty(), arguments);
    }
}

BOOST_AUTO_TEST_CASE(wrong_usage_ends_with_2_and_leaves_stdout_alone) {
    for (auto const* arguments : {"", "srve", "serve --confg x", "check --set nonsense",
                                  "serve --set mcp.auht=none", "stdio", "verdict --format pdf"}) {
        auto const e = run_tollgate(arguments);
        BOOST_TEST(e.code == 2, arguments << ": " << e.code << ' ' << e.err);
        BOOST_TEST(e.out.empty(), arguments);
        BOOST_TEST(!e.err.empty(), arguments);
    }
}

BOOST_AUTO_TEST_CASE(check_names_file_line_and_column) {
    auto const e = run_tollgate("check", "[mcp]\nauht = \"none\"\n");
    BOOST_TEST(e.code == 2);
    BOOST_TEST(e.err.find("config.toml:2:1: mcp.auht") != std::string::npos, e.err);
    BOOST_TEST(e.err.find("auth") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(check_keys_tells_the_keys_whatever_the_configuration_says) {
    auto const e = run_tollgate("check --keys", "[mcp]\nauht = \"none\"\n");
    BOOST_TEST(e.code == 0);
    BOOST_TEST(e.out.find("| `mcp.auth` |") != std::string::npos);
    BOOST_TEST(e.err == "");
}

BOOST_AUTO_TEST_CASE(a_store_that_does_not_answer_ends_with_3_and_is_named_without_its_password) {
    // Port 1 is nobody's.
    auto const e = run_tollgate("serve",
                                "[store]\nbackend = \"redis\"\n"
                                "url = \"redis://tg:s3cret@127.0.0.1:1/0\"\n");
    BOOST_TEST(e.code == 3);
    BOOST_TEST(e.err.find("store.url: redis://127.0.0.1:1/0 with the prefix tollgate") !=
                   std::string::npos,
               e.err);
    BOOST_TEST(e.err.find("s3cret") == std::string::npos, e.err);
}

BOOST_AUTO_TEST_CASE(a_taken_port_ends_with_3_and_is_named) {
    program const first;
    auto const port = first.issuer().substr(first.issuer().rfind(':') + 1);
    auto const e = run_tollgate("serve --set authorization_server.listen=localhost:" + port);
    BOOST_TEST(e.code == 3);
    BOOST_TEST(e.out.empty());
    BOOST_TEST(e.err.find(port) != std::string::npos, e.err);
}

BOOST_AUTO_TEST_CASE(nobody_at_the_control_plane_ends_with_1_and_says_so) {
    std::string url;
    {
        program const gone;
        url = gone.issuer() + "/control";
    }
    auto const e = run_tollgate("scenario state --url " + url);
    BOOST_TEST(e.code == 1);
    BOOST_TEST(e.out.empty());
    BOOST_TEST(e.err.find(url.substr(0, url.rfind('/'))) != std::string::npos, e.err);
}

BOOST_AUTO_TEST_CASE(ready_json_is_the_only_line_on_stdout_and_sigterm_ends_well) {
    auto const e = serving().stop();
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.find('\n') == e.out.size() - 1);
    auto const line = boost::json::parse(e.out);
    for (auto const* member : {"issuer", "mcp", "sse"})
        BOOST_TEST(text_of(line, member).starts_with("http://localhost:"));
    BOOST_TEST(line.as_object().at("control").as_array().size() == 2u);
    BOOST_TEST(line.as_object().at("pid").is_int64());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
