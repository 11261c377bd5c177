// Selecting by what stands in a request, by family and flow; effects with a place of their own; a
// fault that ends with an event; the order of several.
#include <boost/test/unit_test.hpp>

#include "control/journal/journal.hpp"
#include "control/record.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

struct conditions : plane {
    std::string nearest(std::string const& id) {
        return text(get("faults/" + id + "?explain=1").json().at("nearest"), "member");
    }
    void happen(control::event_type type, std::string client, std::string outcome) {
        control::event e;
        e.type = type;
        e.facts.client_id = std::move(client);
        e.outcome = std::move(outcome);
        test::record(b.realm->get<control::journal>(), std::move(e));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fault_conditions, conditions)

BOOST_AUTO_TEST_CASE(a_parameter_is_there_or_missing_or_has_that_value) {
    auto const there = fault(R"({"name":"token.unavailable",
                                 "select":{"parameter":{"resource":true}}})");
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(nearest(there) == "parameter resource");
    BOOST_TEST(token({{"grant_type", "refresh_token"}, {"resource", "r"}}).status == 503u);
    del("faults");
    fault(R"({"name":"token.unavailable","select":{"parameter":{"resource":false}}})");
    BOOST_TEST(token().status == 503u);
    BOOST_TEST(token({{"grant_type", "refresh_token"}, {"resource", "r"}}).status == 200u);
    del("faults");
    fault(R"({"name":"token.unavailable","select":{"parameter":{"resource":"r"}}})");
    BOOST_TEST(token({{"resource", "s"}}).status == 200u);
    BOOST_TEST(token({{"resource", "r"}}).status == 503u);
}

// Whoever asks why a fault was silent sees no secret of who came.
BOOST_AUTO_TEST_CASE(what_came_nearest_is_told_without_its_secrets) {
    std::string const secret = "Zq0123456789012345678901234567890123456789x";
    auto const was = [&](std::string const& id) {
        return text(get("faults/" + id + "?explain=1").json().at("nearest"), "was");
    };
    auto const by_field = fault(R"({"name":"mcp.unavailable",
                                    "select":{"header":{"Authorization":"Bearer other"}}})");
    BOOST_TEST(call("echo", {{"Authorization", "Bearer " + secret}}).status == 200u);
    BOOST_TEST(was(by_field).starts_with("Bearer ~"));
    BOOST_TEST(was(by_field).find(secret) == std::string::npos);
    auto const by_target =
        fault(R"({"name":"mcp.unavailable","select":{"parameter":{"resource":true}}})");
    BOOST_TEST(call("echo", {}, "/mcp?access_token=" + secret).status == 200u);
    BOOST_TEST(was(by_target).starts_with("POST /mcp?access_token=~"));
}

BOOST_AUTO_TEST_CASE(a_parameter_begins_with_a_text) {
    fault(R"({"name":"token.unavailable",
              "select":{"parameter":{"resource":{"begins":"https://"}}}})");
    BOOST_TEST(token({{"resource", "http://r"}}).status == 200u);
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(token({{"resource", "https://r"}}).status == 503u);
}

BOOST_AUTO_TEST_CASE(a_member_of_a_json_body_is_a_parameter) {
    fault(R"({"name":"mcp.unavailable","select":{"parameter":{"method":"tools/call"}}})");
    BOOST_TEST(call().status == 503u);
    BOOST_TEST(b.post_json("/mcp", R"({"method":"ping"})").status == 200u);
}

BOOST_AUTO_TEST_CASE(method_path_target_and_header_fields_choose_requests) {
    for (auto const* select :
         {R"({"method":"POST"})", R"({"path":"/token"})", R"({"target":"/tok"})",
          R"({"not_target":"/other"})", R"({"with_header":"Content-Type"})",
          R"({"without_header":"X-Absent"})"}) {
        fault(R"({"name":"token.unavailable","select":)" + std::string(select) + "}");
        BOOST_TEST(token().status == 503u, select);
        del("faults");
    }
    for (auto const* select :
         {R"({"method":"GET"})", R"({"path":"/other"})", R"({"target":"/other"})",
          R"({"not_target":"/tok"})", R"({"with_header":"X-Absent"})",
          R"({"without_header":"Content-Type"})"}) {
        fault(R"({"name":"token.unavailable","select":)" + std::string(select) + "}");
        BOOST_TEST(token().status == 200u, select);
        del("faults");
    }
}

BOOST_AUTO_TEST_CASE(an_effect_has_a_place_of_its_own) {
    fault(R"({"effects":[{"answer":{"status":418},"at":"token"},
                         {"answer":{"status":404},"at":{"endpoint":["as_metadata"],"method":"GET"}}]})");
    BOOST_TEST(token().status == 418u);
    BOOST_TEST(b.get("/metadata").status == 404u);
    BOOST_TEST(call().status == 200u);
    auto const wrong = post("faults", R"({"effects":[{"status":{"code":200},"at":"tokn"}]})");
    BOOST_TEST(described(wrong) ==
               "/effects/0/at: no endpoint is called \"tokn\"; the nearest is \"token\"");
}

BOOST_AUTO_TEST_CASE(a_fault_that_does_not_answer_here_hides_no_other) {
    fault(R"({"effects":[{"answer":{"status":418},"at":"as_metadata"},{"status":{"code":202},
              "at":"token"}]})");
    fault(R"({"name":"token.unavailable"})");
    BOOST_TEST(token().status == 202u);
    BOOST_TEST(served.token == 0);
}

// family_of of the stand-in: what is behind the dot of a token.
BOOST_AUTO_TEST_CASE(a_family_is_that_of_the_token_that_is_presented) {
    auto const id = fault(R"({"name":"refresh.invalid_grant","select":{"family":"fam"}})");
    auto const refresh = [&](std::string secret) {
        return token({{"grant_type", "refresh_token"}, {"refresh_token", std::move(secret)}});
    };
    BOOST_TEST(refresh("one.fam").status == 400u);
    BOOST_TEST(refresh("two.other").status == 200u);
    BOOST_TEST(nearest(id) == "family");
    BOOST_TEST(refresh("none").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_flow_that_nobody_belongs_to_matches_nobody) {
    auto const id = fault(R"({"name":"token.unavailable","select":{"flow":"f77"}})");
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(nearest(id) == "flow");
}

BOOST_AUTO_TEST_CASE(a_flow_is_the_one_that_the_journal_shows) {
    auto const flow_of_client = [&](std::string client) {
        control::event e;
        e.facts.client_id = std::move(client);
        return test::record(b.realm->get<control::journal>(), e).flow;
    };
    auto const my_flow = flow_of_client("me");
    flow_of_client("other");
    fault(R"({"select":{"flow":")" + my_flow + R"("},"effects":[{"answer":{"status":418}}]})");
    auto const refresh = [&](std::string const& client) {
        return token({{"grant_type", "refresh_token"}, {"client_id", client}}).status;
    };
    BOOST_TEST(refresh("me") == 418u);
    BOOST_TEST(refresh("other") == 200u);
    BOOST_TEST(call("echo", {{"X-Client", "me"}}).status == 418u);
    BOOST_TEST(call("echo", {{"X-Client", "other"}}).status == 200u);
}

// The journal does not look up of which login an access token came: what it cannot tell apart
// belongs to the client's last one.
BOOST_AUTO_TEST_CASE(after_a_second_login_a_flow_is_still_the_one_that_the_journal_shows) {
    auto const login = [&](std::string family) {
        control::event e;
        e.facts.client_id = "me";
        e.facts.family = std::move(family);
        return test::record(b.realm->get<control::journal>(), e).flow;
    };
    auto const first = login("fam"), second = login("other");
    fields const call_of_first{{"X-Client", "me"}, {"Authorization", "Bearer at.fam"}};
    control::event shown;
    shown.facts.client_id = "me";
    BOOST_TEST(test::record(b.realm->get<control::journal>(), shown).flow == second);
    fault(R"({"select":{"flow":")" + second + R"("},"effects":[{"answer":{"status":418}}]})");
    BOOST_TEST(call("echo", call_of_first).status == 418u);
    // Of a refresh token it knows it.
    auto const refresh = [&](std::string secret) {
        return token({{"grant_type", "refresh_token"},
                      {"client_id", "me"},
                      {"refresh_token", std::move(secret)}});
    };
    BOOST_TEST(refresh("rt.fam").status == 200u);
    BOOST_TEST(refresh("rt.other").status == 418u);
    BOOST_TEST(first != second);
}

BOOST_AUTO_TEST_CASE(a_session_is_named_as_the_journal_shows_it) {
    fields const first{{"Mcp-Session-Id", "9f86d081884c7d65"}},
        second{{"Mcp-Session-Id", "60303ae22b998861"}};
    for (auto const* name : {"9f86d081", "9f86d081…", "9f86d081884c", "9f86d081884c7d65"}) {
        auto const id = fault(R"({"name":"rs.401_on_tools_call","select":{"session":")" +
                              std::string(name) + R"("}})");
        BOOST_TEST(call("echo", first).status == 401u, name);
        BOOST_TEST(call("echo", second).status == 200u, name);
        // What it was is shown as the journal shows it.
        auto const why = get("faults/" + id + "?explain=1").json().at("nearest");
        BOOST_TEST(text(why, "was") == "60303ae2…");
        del("faults");
    }
    auto const wrong =
        post("faults", R"({"name":"mcp.unavailable","select":{"session":"9f86d0"}})");
    BOOST_TEST(wrong.status == 400u);
    BOOST_TEST(described(wrong) ==
               "/select/session: expected the id of a session, or its first eight characters at "
               "least");
}

BOOST_AUTO_TEST_CASE(until_ends_with_an_event_of_that_kind) {
    auto const id = fault(R"({"name":"token.unavailable",
                              "trigger":{"until":{"type":"refresh","client_id":"c","outcome":"ok"}}})");
    BOOST_TEST(token().status == 503u);
    happen(control::event_type::refresh, "c", "invalid_grant");
    happen(control::event_type::refresh, "d", "ok");
    happen(control::event_type::login, "c", "ok");
    BOOST_TEST(token().status == 503u);
    happen(control::event_type::refresh, "c", "ok");
    BOOST_TEST(token().status == 200u);
    auto const shown = get("faults/" + id).json().at("trigger").at("until");
    BOOST_TEST(json::serialize(shown) == R"({"type":"refresh","client_id":"c","outcome":"ok"})");
}

BOOST_AUTO_TEST_CASE(until_looks_at_nothing_that_was_before_it) {
    happen(control::event_type::login, "c", "code");
    fault(R"({"name":"token.unavailable","trigger":{"until":{"type":"login"}}})");
    BOOST_TEST(token().status == 503u);
}

BOOST_AUTO_TEST_CASE(until_is_refused_without_a_known_type) {
    for (auto const* until : {R"({})", R"({"type":"refesh"})", R"({"type":"refresh","x":1})",
                              R"({"type":"refresh","endpoint":"tokn"})"}) {
        auto const a = post("faults", R"({"name":"token.unavailable","trigger":{"until":)" +
                                          std::string(until) + "}}");
        BOOST_TEST(a.status == 400u, until);
        BOOST_TEST(described(a).starts_with("/trigger/until"), described(a));
    }
}

BOOST_AUTO_TEST_CASE(the_list_tells_the_order_in_which_they_are_asked) {
    fault(R"({"name":"rs.401_on_tools_call"})");  // behind the guard
    fault(R"({"name":"mcp.unavailable"})");       // in front of it
    fault(R"({"name":"mcp.server_error"})");
    auto const list = get("faults").json().at("faults").as_array();
    BOOST_REQUIRE(list.size() == 3u);
    BOOST_TEST(text(list[0], "name") == "mcp.unavailable");
    BOOST_TEST(list[0].at("order").as_int64() == 1);
    BOOST_TEST(text(list[1], "name") == "mcp.server_error");
    BOOST_TEST(text(list[2], "name") == "rs.401_on_tools_call");
    BOOST_TEST(list[2].at("order").as_int64() == 3);
    BOOST_TEST(call().status == 503u);
}

BOOST_AUTO_TEST_CASE(what_never_acted_is_told_when_all_are_taken_away) {
    fault(R"({"name":"token.unavailable","select":{"client_id":"somebody"}})");
    fault(R"({"name":"mcp.unavailable"})");
    token();
    call();
    auto const told = del("faults").json();
    BOOST_TEST(told.at("removed").as_int64() == 2);
    auto const& unfired = told.at("unfired").as_array();
    BOOST_REQUIRE(unfired.size() == 1u);
    BOOST_TEST(text(unfired[0], "name") == "token.unavailable");
    BOOST_TEST(text(unfired[0].at("nearest"), "member") == "client_id");
}

BOOST_AUTO_TEST_CASE(do_reaches_the_token_the_family_the_client_and_the_session) {
    auto const doing = [&](std::string const& what) {
        fault(R"({"select":{"endpoint":["token","mcp"]},"effects":[{"do":{"what":")" + what +
              R"("}}]})");
    };
    fields const form{
        {"grant_type", "refresh_token"}, {"refresh_token", "rt.fam"}, {"client_id", "app"}};
    for (auto const& [what, done] : std::vector<std::pair<std::string, std::string>>{
             {"revoke_token", "revoke_token rt.fam"},
             {"revoke_family", "revoke_family fam"},
             {"revoke_refresh", "revoke_refresh_tokens"},
             {"forget_client", "forget_client app"},
             {"drop_old_keys", "drop_old_keys"},
             {"renew_keys", "renew_keys"}}) {
        oauth.done.clear();
        doing(what);
        token(form);
        BOOST_TEST(oauth.done == std::vector<std::string>{done}, what);
        del("faults");
    }
    doing("end_session");
    call("echo", {{"Mcp-Session-Id", "s1"}});
    BOOST_TEST(mcp.ended == std::vector<std::string>{"s1"});
    del("faults");
    doing("announce_tools");
    call();
    BOOST_TEST(mcp.announced == 1);
}

BOOST_AUTO_TEST_CASE(what_speaks_to_the_guard_cannot_choose_by_whom_the_guard_finds) {
    auto const a = post("faults", R"({"name":"rs.cannot_ask","select":{"subject":"demo"}})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(described(a).starts_with("/select/subject"), described(a));
    auto const c = post("faults", R"({"name":"rs.cannot_ask","select":{"client_id":"app"}})");
    BOOST_TEST(described(c).starts_with("/select/client_id"), described(c));
}

BOOST_AUTO_TEST_CASE(what_speaks_to_the_guard_cannot_count_by_whom_the_guard_finds) {
    auto const counted_by = [&](std::string const& key) {
        return post("faults",
                    R"({"name":"rs.cannot_ask","trigger":{"first_per":")" + key + R"("}})");
    };
    BOOST_TEST(described(counted_by("client")) ==
               "/trigger/first_per: the fault acts before the token is looked at, and nobody knows "
               "its client; count by \"token\" or \"session\"");
    BOOST_TEST(counted_by("token").status == 201u);
    BOOST_TEST(counted_by("session").status == 201u);
}

BOOST_AUTO_TEST_CASE(a_fault_fires_where_it_does_something) {
    auto const id = fault(
        R"({"name":"raw","select":{"endpoint":"token"},
            "params":{"stage":"mutate","merge_patch":{"x":1},"only":"error"}})");
    BOOST_TEST(token().status == 200u);
    auto const left = get("faults/" + id + "?explain=1").json();
    BOOST_TEST(left.at("matched").as_int64() == 1);
    BOOST_TEST(left.at("fired").as_int64() == 0);
    BOOST_TEST(text(left.at("nearest"), "member") == "answer");
    BOOST_TEST(text(left.at("nearest"), "was") == "200");
    BOOST_TEST(token({{"code", "bad"}}).status == 400u);
    auto const done = get("faults/" + id).json();
    BOOST_TEST(done.at("matched").as_int64() == 2);
    BOOST_TEST(done.at("fired").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(a_policy_of_one_request_takes_no_key_that_is_the_realms) {
    auto const refused = [&](std::string const& set) {
        return described(post("faults", R"({"effects":[{"policy":{"set":)" + set + "}}]}"));
    };
    BOOST_TEST(refused(R"({"validation.strategy":"jwt"})").starts_with("/effects/0/policy/set"));
    BOOST_TEST(refused(R"({"tokens.access_tl":"1s"})").starts_with("/effects/0/policy/set"));
    BOOST_TEST(refused("{}") == "/effects/0/policy/set: changes nothing");
}

BOOST_AUTO_TEST_SUITE_END()
