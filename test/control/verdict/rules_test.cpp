// Every rule: broken by one story, kept by another, not reached by the empty one.
#include "control/verdict/rule.hpp"

#include <map>
#include <set>

#include <boost/test/unit_test.hpp>

#include "control/verdict/exchanges.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

finding judged(std::string const& id, story const& s) {
    conversation const c(s.events());
    for (auto const& r : all_rules())
        if (r.id == id) return judge_rule(r, c);
    BOOST_FAIL("no rule is called " << id);
    return {};
}

bool is_bad(finding const& f) {
    return f.status == finding_status::fail || f.status == finding_status::warning;
}

story made(void (*tell)(story&)) {
    story s;
    tell(s);
    return s;
}

using teller = void (*)(story&);
struct row {
    char const* id;
    teller broken;
    teller kept;
};

void logged_in(story& s) {
    s.good();
}
void refreshed(story& s) {
    s.good().add(story::refresh("rt-1", "at-2", "rt-2")).add(story::call("at-2"));
}

row const rows[] = {
    {"pkce.s256",
     [](story& s) {
         s.login("code-1", {{"code_challenge_method", "plain"}});
     },
     logged_in},
    {"pkce.verifier",
     [](story& s) {
         s.login().add(story::redemption("code-1", {{"code_verifier", "short"}}));
     },
     logged_in},
    {"pkce.matches",
     [](story& s) {
         s.login().add(story::redemption("code-1", {{"code_verifier", std::string(43, 'x')}}));
     },
     logged_in},
    {"pkce.fresh",
     [](story& s) {
         s.login().login("code-2", {{"state", "state-two"}});
     },
     // The page was loaded again: the same login.
     [](story& s) { s.login().login("code-2"); }},
    {"state.sent",
     [](story& s) {
         s.login("code-1", {}, {{"state", ""}});
     },
     logged_in},
    {"state.fresh",
     [](story& s) {
         s.login().login("code-2", {{"code_challenge", "another"}});
     },
     logged_in},
    {"redirect.equal",
     [](story& s) {
         s.login().add(story::redemption("code-1", {{"redirect_uri", redirect + "/other"}}));
     },
     logged_in},
    {"code.once", [](story& s) { s.login().add(story::redemption()).add(story::redemption()); },
     // The answer was lost: a client may try again.
     [](story& s) {
         auto lost = story::redemption();
         lost.cut = true;
         s.login().add(lost).add(story::redemption());
     }},
    {"code.server",
     [](story& s) {
         s.login();
         s.host = "localhost:9101";
         s.add(story::redemption());
     },
     [](story& s) {
         s.login();
         s.host = "127.0.0.1:9100";
         s.add(story::redemption());
     }},
    {"redirect.allowed",
     [](story& s) { s.add(story::registration("http://evil.example/callback")); },
     [](story& s) { s.add(story::registration("cursor://callback")); }},
    {"client.one_method",
     [](story& s) {
         auto both = story::redemption("code-1", {{"client_secret", "secret-of-the-client"}});
         s.add(with_header(both, "Authorization", "Basic YzpzZWNyZXQ="));
     },
     logged_in},
    {"client.kept", [](story& s) { s.good().add(story::registration()); },
     // The server does not know it any more.
     [](story& s) {
         s.good().add(refused(story::refresh("rt-1", "", ""), 401, "invalid_client"));
         s.add(story::registration());
     }},
    {"resource.sent",
     [](story& s) {
         s.login("code-1", {}, {{"resource", ""}});
     },
     logged_in},
    {"resource.refresh",
     [](story& s) {
         s.add(story::refresh("rt-1", "at-2", "rt-2", {}, {{"resource", ""}}));
     },
     refreshed},
    {"resource.same",
     [](story& s) {
         s.login().add(story::redemption("code-1", {{"resource", "http://localhost:9101/other"}}));
     },
     logged_in},
    {"resource.form",
     [](story& s) {
         s.login("code-1", {{"resource", resource + "#here"}});
     },
     logged_in},
    {"token.in_url",
     [](story& s) {
         auto x = story::call("");
         x.target = "/mcp?access_token=at-1";
         s.good().add(x);
     },
     logged_in},
    {"token.endpoint",
     [](story& s) {
         exchange x;
         x.endpoint = "as_metadata";
         x.method = "GET";
         x.sent = {{"Authorization", "Bearer at-1"}};
         s.good().add(x);
     },
     logged_in},
    {"token.every_request", [](story& s) { s.good().add(story::call("")); }, logged_in},
    {"token.new_one_used",
     [](story& s) {
         s.good().add(story::refresh("rt-1", "at-2", "rt-2"));
         s.add(story::call()).add(story::call());
     },
     refreshed},
    {"refresh.when_needed",
     [](story& s) {
         s.good();
         for (int i = 1; i < 5; ++i) {
             auto const n = std::to_string(i), m = std::to_string(i + 1);
             s.add(story::refresh("rt-" + n, "at-" + m, "rt-" + m)).add(story::call("at-" + m));
         }
     },
     refreshed},
    {"refresh.own_client",
     [](story& s) {
         s.good().add(story::refresh("rt-1", "at-2", "rt-2", {{"client_id", "another"}}));
     },
     refreshed},
    {"refresh.newest",
     [](story& s) {
         s.good().add(story::refresh("rt-1", "at-2", "rt-2"));
         s.add(story::refresh("rt-1", "at-3", "rt-3"));
     },
     // The answer with the new one was lost.
     [](story& s) {
         auto lost = story::refresh("rt-1", "at-2", "rt-2");
         lost.cut = true;
         s.good().add(lost).add(story::refresh("rt-1", "at-3", "rt-3"));
     }},
    {"refresh.once",
     [](story& s) {
         auto slow = story::refresh("rt-1", "at-2", "rt-2");
         slow.takes = 500ms;
         s.good().add(slow).add(story::refresh("rt-1", "at-3", "rt-3"), 10ms);
     },
     refreshed},
    {"secret.endpoint",
     [](story& s) {
         auto x = story::call();
         x.target = "/mcp?hint=rt-1";
         s.good().add(x);
     },
     refreshed},
    {"dpop.jti", [](story& s) { s.add(proof("one")).add(proof("one")); },
     [](story& s) { s.add(proof("one")).add(proof("two")); }},
    {"mcp.initialized", [](story& s) { s.add(story::initialize()).add(story::call()); }, logged_in},
    {"mcp.version_header",
     [](story& s) { s.good().add(without_header(story::call(), "MCP-Protocol-Version")); },
     logged_in},
    {"mcp.version_kept",
     [](story& s) {
         s.good().add(with_header(story::call(), "MCP-Protocol-Version", "2025-06-18"));
     },
     logged_in},
    {"mcp.method_header", [](story& s) { s.add(modern("tools/call", "echo", {})); },
     [](story& s) {
         s.add(modern("tools/call", "echo", {{"Mcp-Method", "tools/call"}}));
     }},
    {"mcp.name_header",
     [](story& s) {
         s.add(modern("tools/call", "echo", {{"Mcp-Name", "another"}}));
     },
     [](story& s) {
         s.add(modern("tools/call", "echo", {{"Mcp-Name", "echo"}}));
     }},
    {"mcp.cancelled", [](story& s) { s = cancelling("1"); }, [](story& s) { s = cancelling("7"); }},
    {"session.dead",
     [](story& s) {
         s.good();
         for (int i = 0; i < 3; ++i)
             s.add(refused(story::call(), 404, "session"));
     },
     [](story& s) {
         s.good().add(refused(story::call(), 404, "session"));
         s.add(story::initialize()).add(story::initialized());
     }},
    {"challenge.followed", [](story& s) { s.add(unwelcome()).add(unwelcome()).add(unwelcome()); },
     [](story& s) {
         s.add(unwelcome());
         s.good();
     }},
    {"storm.authorize",
     [](story& s) {
         for (int i = 0; i < 6; ++i)
             s.login("code-" + std::to_string(i));
     },
     logged_in},
    {"storm.register",
     [](story& s) {
         for (int i = 0; i < 6; ++i)
             s.add(story::registration());
     },
     logged_in},
    {"storm.token",
     [](story& s) {
         for (int i = 0; i < 11; ++i)
             s.add(refused(story::refresh("rt-1", "", ""), 400, "invalid_grant"));
     },
     refreshed},
    {"canary.fetched",
     [](story& s) {
         exchange x;
         x.method = "GET";
         x.target = "/canary/policy";
         x.status = 404;
         s.add(x);
     },
     [](story& s) {
         exchange x;
         x.endpoint = "as_metadata";
         x.method = "GET";
         x.faults = {"effects"};
         s.add(x);
     }},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(verdict_rules)

BOOST_AUTO_TEST_CASE(are_each_broken_by_one_story_and_kept_by_another) {
    std::set<std::string> tried;
    for (auto const& r : rows) {
        tried.insert(r.id);
        auto const bad = judged(r.id, made(r.broken));
        BOOST_TEST(is_bad(bad), r.id << ": " << bad.text);
        BOOST_TEST(bad.event != 0u, r.id);
        auto const good = judged(r.id, made(r.kept));
        BOOST_TEST((good.status == finding_status::pass), r.id << ": " << good.text);
    }
    for (auto const& r : all_rules())
        BOOST_TEST(tried.contains(std::string(r.id)), r.id << " is never broken in a test");
}

BOOST_AUTO_TEST_CASE(are_not_reached_where_nothing_has_happened) {
    conversation const nothing({});
    for (auto const& r : all_rules()) {
        auto const f = judge_rule(r, nothing);
        BOOST_TEST((f.status == finding_status::not_reached), r.id);
        BOOST_TEST(f.text == r.needs);
        BOOST_TEST(f.event == 0u);
    }
}

BOOST_AUTO_TEST_CASE(find_nothing_in_what_a_right_client_does) {
    story s;
    s.good().add(story::refresh("rt-1", "at-2", "rt-2")).add(story::call("at-2"));
    conversation const c(s.events());
    for (auto const& r : all_rules())
        BOOST_TEST(!is_bad(judge_rule(r, c)), r.id << ": " << judge_rule(r, c).text);
}

BOOST_AUTO_TEST_CASE(say_must_or_should_and_where_it_is_written) {
    std::set<std::string_view> ids;
    for (auto const& r : all_rules()) {
        BOOST_TEST(ids.insert(r.id).second, r.id);
        BOOST_TEST(r.url.starts_with("https://"), r.id);
        BOOST_TEST(!r.clause.empty(), r.id);
        BOOST_TEST(r.holds.ends_with('.'), r.id);
        BOOST_TEST(r.needs.ends_with('.'), r.id);
    }
    auto const must = judged("redirect.equal", made(rows[6].broken));
    BOOST_TEST((must.status == finding_status::fail));
    auto const should = judged("state.sent", made(rows[4].broken));
    BOOST_TEST((should.status == finding_status::warning));
}

// MCP 2026-07-28, Value Encoding.
BOOST_AUTO_TEST_CASE(look_into_a_name_that_came_in_base64) {
    auto const named = [](std::string header) {
        story s;
        s.add(modern("tools/call", "echo", {{"Mcp-Name", std::move(header)}}));
        return judged("mcp.name_header", s).status;
    };
    BOOST_TEST((named("=?base64?ZWNobw==?=") == finding_status::pass));
    BOOST_TEST((named("=?base64?b3RoZXI=?=") == finding_status::fail));
    BOOST_TEST((named("=?base64?=") == finding_status::fail));
}

// Gateways do these as often as clients: a finding says which peer it saw. It shows no secret.
BOOST_AUTO_TEST_CASE(name_the_first_exchange_the_peer_and_how_often_and_no_secret) {
    story s;
    s.good().add(story::call("")).add(story::call(""));
    auto const f = judged("token.every_request", s);
    BOOST_TEST(f.event == 7u);
    BOOST_TEST(f.text.find("127.0.0.1, \"test\"") != std::string::npos, f.text);
    BOOST_TEST(f.text.find("2 times") != std::string::npos, f.text);
    for (auto const& r : rows) {
        auto const text = judged(r.id, made(r.broken)).text;
        for (auto const* secret : {"rt-1", "at-1", "code-1", "secret-of-the-client"})
            BOOST_TEST(text.find(secret) == std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(do_not_ask_for_a_resource_that_nobody_named_or_no_revision_knows) {
    story without;
    exchange prm;
    prm.endpoint = "resource_metadata";
    prm.method = "GET";
    prm.answer = "{}";
    without.add(prm).login("code-1", {}, {{"resource", ""}});
    BOOST_TEST((judged("resource.sent", without).status == finding_status::not_reached));
    story old;
    old.add(story::initialize("2025-03-26")).login("code-1", {}, {{"resource", ""}});
    BOOST_TEST((judged("resource.sent", old).status == finding_status::not_reached));
}

BOOST_AUTO_TEST_CASE(tell_a_page_that_is_loaded_again_from_a_login_that_is_repeated) {
    story again;
    again.login().login("code-2");
    BOOST_TEST((judged("state.fresh", again).status == finding_status::pass));
    story repeated;
    repeated.login().add(story::redemption()).login("code-2");
    BOOST_TEST((judged("state.fresh", repeated).status == finding_status::warning));
    BOOST_TEST((judged("pkce.fresh", repeated).status == finding_status::fail));
}

// The login, not the registration, ended.
BOOST_AUTO_TEST_CASE(ask_for_one_registration_when_a_fault_ends_the_login) {
    story s;
    auto dead = refused(story::refresh("rt-1", "", ""), 400, "invalid_grant");
    dead.faults = {"refresh.invalid_grant"};
    s.good().add(dead).add(story::registration());
    BOOST_TEST((judged("client.kept", s).status == finding_status::warning));
}

BOOST_AUTO_TEST_CASE(let_a_short_token_be_renewed_as_often_as_a_client_likes) {
    story s;
    s.good();
    for (int i = 1; i < 5; ++i) {
        auto const n = std::to_string(i), m = std::to_string(i + 1);
        auto r = story::refresh("rt-" + n, "at-" + m, "rt-" + m);
        r.answer.replace(r.answer.find("3600"), 4, "5");
        s.add(r).add(story::call("at-" + m));
    }
    BOOST_TEST(!is_bad(judged("refresh.when_needed", s)));
}

BOOST_AUTO_TEST_SUITE_END()
