// `tollgate stdio` with a token that lacks a scope: what over HTTP is 403 and a challenge.
#include <fstream>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "flow/stdio_program.hpp"
#include "support/folder.hpp"

namespace {

using namespace test;
using namespace test::pipes;
namespace json = boost::json;

// A running server, and how a stdio process asks it about tokens.
struct running {
    running(std::vector<std::string> sets, std::string how)
        : p(std::move(sets), clients()),
          arguments("--set authorization_server.listen=" + p.issuer().substr(7) +
                    " --set mcp.listen=" + p.mcp_origin().substr(7) + ' ' + std::move(how)) {}

    std::string clients() const {
        auto const file = (place.path() / "config.toml").string();
        std::ofstream(file) << "[[clients]]\nclient_id = \"resource\"\nclient_secret = \"s3cret\"\n"
                               "grant_types = [\"client_credentials\"]\n";
        return file;
    }
    ending talk(std::string const& scope, std::string const& more = "") const {
        login const client(p.mcp(), scope);
        auto const lines = begin() + call(2, "needs_scope", R"({"scope":"mcp:admin"})", more) +
                           call(3, "needs_scope", R"({"scope":"mcp:tools"})", more) +
                           call(4, "whoami", "{}", more);
        return stdio(lines, arguments, client.now.access);
    }

    folder place;
    program p;
    std::string arguments;
};

struct strategy {
    char const* name;
    std::vector<std::string> server;
    std::string stdio;
};

// All that tell what a token may.
std::vector<strategy> const telling{
    {"introspection", {"authorization_server.introspection=open"}, ""},
    {"introspection",
     {},
     "--set validation.client_id=resource --set validation.client_secret=s3cret"},
    {"jwt",
     {"tokens.format=jwt", "validation.strategy=jwt"},
     "--set tokens.format=jwt --set validation.strategy=jwt"},
};

BOOST_AUTO_TEST_SUITE(stdio_step_up)

// MCP 2025-11-25, Authorization, "Runtime Insufficient Scope Errors": the challenge names all that
// the operation needs.
BOOST_AUTO_TEST_CASE(a_missing_scope_is_told_with_the_challenge_and_the_conversation_goes_on) {
    for (auto const& s : telling) {
        running const r(s.server, s.stdio);
        for (auto const& more : {std::string(), ',' + modern_meta()}) {
            auto const e = r.talk("", more);
            BOOST_TEST(e.code == 0, e.err);
            auto const second = answer(e, 2);
            auto const& error = second.at("error").as_object();
            BOOST_TEST(error.at("code").as_int64() == 403);
            BOOST_TEST(error.at("data").at("status").as_int64() == 403);
            std::string const challenge(error.at("data").at("challenge").as_string());
            BOOST_TEST(challenge.find(R"(error="insufficient_scope")") != std::string::npos);
            BOOST_TEST(challenge.find(R"(scope="mcp:tools mcp:admin")") != std::string::npos);
            BOOST_TEST(challenge.find(R"(resource_metadata="http://localhost:)") !=
                       std::string::npos);
            BOOST_TEST(text_in(answer(e, 3)).find("You have the scope") == 0u);
            BOOST_TEST(text_in(answer(e, 4)).find(s.name) != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_with_the_scope_is_let_through) {
    for (auto const& s : telling) {
        running const r(s.server, s.stdio);
        auto const e = r.talk("mcp:tools mcp:admin");
        BOOST_TEST(e.code == 0, e.err);
        BOOST_TEST(text_in(answer(e, 2)) == "You have the scope \"mcp:admin\".");
    }
}

// OpenID Connect Core §5.3.2: userinfo tells claims, not scopes. Nothing is known to be missing.
BOOST_AUTO_TEST_CASE(userinfo_cannot_tell_that_a_scope_is_missing) {
    running const r({"validation.strategy=userinfo"}, "--set validation.strategy=userinfo");
    auto const e = r.talk("");
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(answer(e, 2).contains("result"));
    BOOST_TEST(text_in(answer(e, 4)).find(R"("scopes":null)") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
