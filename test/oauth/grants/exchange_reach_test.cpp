// How far a token exchange reaches (RFC 8693): for whom, for which audience, and for how long.
#include <atomic>
#include <thread>

#include "oauth/grants/exchange_bench.hpp"

using namespace test;

namespace {

struct reaching : exchange_bench {
    reaching() { add_stranger("s1"); }

    void use_agents(bool shared = false) {
        web.where.paths = {"/{agent}/mcp", "/{agent}/sse", "/{agent}/messages", shared};
    }
    static std::string agent(std::string const& name) {
        return "http://localhost:9101/" + name + "/mcp";
    }
    std::string token_for(std::string const& resource) {
        auto r = with(authorize_request("app"), "resource", resource);
        return text(token(code_request("app", code_for(r))).json(), "access_token");
    }
    answer ask_for(std::string const& token, std::string const& resource) {
        return by("api", with(request(token), "resource", resource));
    }
    std::string token_of(std::string const& id) {
        return text(login_of(id, "mcp:tools"), "access_token");
    }
    // Exchanged once more by each of `who`.
    std::string chain(std::string token, std::vector<std::string> const& who) {
        for (auto const& id : who)
            token = exchanged_by(id, token);
        return token;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exchange_reach, reaching)

// RFC 8707 §2, RFC 9700 §2.3: the audience of a token keeps it from everybody else.
BOOST_AUTO_TEST_CASE(does_not_make_a_token_for_one_agent_into_one_for_another) {
    use_agents();
    auto const alice = token_for(agent("alice"));
    BOOST_TEST(refusal(ask_for(alice, agent("bob"))) == "400 invalid_target");
    BOOST_TEST(refusal(ask_for(alice, "http://localhost:9101")) == "400 invalid_target");
    BOOST_TEST(ask_for(alice, agent("alice")).status == 200);
    auto f = request(alice);
    f.emplace_back("audience", agent("bob"));
    BOOST_TEST(refusal(by("api", f)) == "400 invalid_target");
    f = with(request(alice), "resource", agent("alice"));
    f.emplace_back("resource", agent("bob"));
    BOOST_TEST(refusal(by("api", f)) == "400 invalid_target");
}

BOOST_AUTO_TEST_CASE(narrows_a_token_for_all_agents_to_one_and_not_back) {
    use_agents(true);
    auto const all = token_for("http://localhost:9101");
    auto const one = ask_for(all, agent("alice"));
    BOOST_REQUIRE_MESSAGE(one.status == 200, one.body);
    auto const alice = text(one.json(), "access_token");
    BOOST_TEST(audience_of(alice) == '"' + agent("alice") + '"');
    BOOST_TEST(refusal(ask_for(alice, agent("bob"))) == "400 invalid_target");
    BOOST_TEST(refusal(ask_for(alice, "http://localhost:9101")) == "400 invalid_target");
}

BOOST_AUTO_TEST_CASE(does_not_make_a_token_for_another_api_into_one_for_the_mcp_server) {
    auto const down = token_for("https://down.example/");
    BOOST_TEST(refusal(ask_for(down, mcp_url)) == "400 invalid_target");
    BOOST_TEST(refusal(ask_for(subject, "https://down.example/")) == "400 invalid_target");
    policy([](auto& p) { p.resources = tollgate::oauth::accepted_resources::any; });
    BOOST_TEST(refusal(ask_for(down, "https://anything.example/")) == "400 invalid_target");
    // RFC 8693 §2.1 leaves it to the server what a request means that names no target.
    auto const same = exchanged_by("api", down);
    BOOST_TEST(audience_of(same) == R"("https://down.example/")");
}

BOOST_AUTO_TEST_CASE(takes_the_spellings_of_one_server_for_one) {
    for (auto const* spelling : {"http://localhost:9101", "http://127.0.0.1:9101/mcp",
                                 "http://localhost:9101/sse", "http://localhost:9101/"})
        BOOST_TEST(ask_for(subject, spelling).status == 200, spelling);
}

// What a person wrote into the configuration is leave to go on to another API.
BOOST_AUTO_TEST_CASE(goes_beyond_only_where_the_configuration_says_so) {
    auto const f = with(request(), "resource", "https://down.example/");
    auto const refused = by("api", f);
    BOOST_TEST(refusal(refused) == "400 invalid_target");
    BOOST_TEST(text(refused.json(), "error_description").find("exchange_audience") !=
               std::string::npos);
    BOOST_TEST(refusal(by("s1", with(f, "subject_token", token_of("s1")))) == "400 invalid_target");
    BOOST_TEST(audience_of(text(got("gateway", f), "access_token")) ==
               R"("https://down.example/")");
    BOOST_TEST(refusal(by("gateway", with(f, "resource", "https://else.example/"))) ==
               "400 invalid_target");
}

BOOST_AUTO_TEST_CASE(takes_ten_targets_at_most) {
    auto f = request();
    for (int i = 0; i < 11; ++i)
        f.emplace_back("audience", "a" + std::to_string(i));
    auto const a = by("api", f);
    BOOST_TEST(refusal(a) == "400 invalid_target");
    BOOST_TEST(text(a.json(), "error_description").find("more than 10") != std::string::npos);
}

// RFC 8693 §2.1, §5: authentication is there so that not everybody who got hold of a token can make
// others of it.
BOOST_AUTO_TEST_CASE(refuses_a_client_that_only_got_hold_of_the_token) {
    auto const a = by("s1", request());
    BOOST_TEST(refusal(a) == "400 invalid_request");
    BOOST_TEST(text(a.json(), "error_description").find("issued to another client") !=
               std::string::npos);
    BOOST_TEST(is_active(subject));
    // Nor as the actor.
    auto f = request(token_of("s1"));
    f.emplace_back("actor_token", subject);
    f.emplace_back("actor_token_type", access_type);
    BOOST_TEST(refusal(by("s1", f)) == "400 invalid_request");
    BOOST_TEST(by("api", f).status == 200);
}

BOOST_AUTO_TEST_CASE(lets_a_client_exchange_what_was_issued_to_it_or_for_it) {
    BOOST_TEST(by("s1", request(token_of("s1"))).status == 200);
    add_stranger("reports");
    auto const reports =
        text(got("gateway", with(request(), "audience", "reports")), "access_token");
    BOOST_TEST(by("reports", request(reports)).status == 200);
    BOOST_TEST(refusal(by("s1", request(reports))) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(gives_the_new_token_a_family_that_does_not_take_the_login_with_it) {
    auto const login = login_of("s1", "mcp:tools");
    auto const old = text(login, "access_token");
    auto const mine = exchanged_by("api", old);
    auto const sibling = exchanged_by("limited", old);
    auto const grandchild = exchanged_by("limited", mine);
    BOOST_TEST(revoke("api", mine).status == 200);
    BOOST_TEST(!is_active(mine));
    BOOST_TEST(!is_active(grandchild));
    for (auto const& one : {old, text(login, "refresh_token"), sibling})
        BOOST_TEST(is_active(one));
}

// RFC 7592 §2.3: a deleted client takes what was issued to it, and nothing of anybody else.
BOOST_AUTO_TEST_CASE(does_not_let_a_client_that_is_deleted_end_the_login_of_another) {
    add_stranger("s2");
    auto const login = login_of("s1", "mcp:tools");
    auto const old = text(login, "access_token");
    auto const by_api = exchanged_by("api", old);
    auto const own = login_of("s2", "mcp:tools");
    auto const of_s2 = exchanged_by("s2", text(own, "access_token"));
    BOOST_TEST(remove_stranger("s2").status == 204);
    BOOST_TEST(!is_active(of_s2));
    BOOST_TEST(!is_active(text(own, "access_token")));
    for (auto const& one : {old, text(login, "refresh_token"), by_api})
        BOOST_TEST(is_active(one));
    // The client of the login takes what became of it along.
    BOOST_TEST(remove_stranger("s1").status == 204);
    BOOST_TEST(!is_active(old));
    BOOST_TEST(!is_active(by_api));
}

// What was for that client and what it made of it is not its own but for the last step.
BOOST_AUTO_TEST_CASE(lets_a_deleted_client_take_only_its_own_part_of_a_login) {
    add_stranger("reports");
    auto const before = got("gateway", with(request(), "audience", "reports"));
    auto const reports = text(before, "access_token");
    auto const taken = exchanged_by("reports", reports);
    BOOST_TEST(remove_stranger("reports").status == 204);
    BOOST_TEST(!is_active(taken));
    for (auto const& one : {reports, subject, text(tokens, "refresh_token")})
        BOOST_TEST(is_active(one));
}

BOOST_AUTO_TEST_CASE(dies_with_every_token_and_family_that_it_came_of) {
    auto const last = [&](std::string const& first) {
        return chain(first, {"api", "limited", "api"});
    };
    auto const one = login_of("api", "mcp:tools");
    auto const of_one = last(text(one, "access_token"));
    BOOST_TEST(revoke("api", text(one, "access_token")).status == 200);
    BOOST_TEST(!is_active(of_one));
    BOOST_TEST(is_active(text(one, "refresh_token")));
    auto const two = login_of("api", "mcp:tools");
    auto const of_two = last(text(two, "access_token"));
    BOOST_TEST(revoke("api", text(two, "refresh_token")).status == 200);
    BOOST_TEST(!is_active(of_two));
    // RFC 6749 §4.1.2: a code used twice ends its family.
    auto const code = code_for(authorize_request("app"));
    auto const three = text(token(code_request("app", code)).json(), "access_token");
    auto const of_three = last(three);
    BOOST_TEST(refusal(token(code_request("app", code))) == "400 invalid_grant");
    BOOST_TEST(!is_active(of_three));
}

BOOST_AUTO_TEST_CASE(ends_after_so_many_exchanges_in_a_row) {
    auto token = subject;
    answer a;
    int done = 0;
    for (a = by("api", request(token)); a.status == 200 && done < 50; ++done) {
        token = text(a.json(), "access_token");
        a = by(done % 2 == 0 ? "limited" : "api", request(token));
    }
    BOOST_TEST(refusal(a) == "400 invalid_request");
    BOOST_TEST(text(a.json(), "error_description").find("exchange an earlier one") !=
               std::string::npos);
    BOOST_TEST(done >= 5);
    BOOST_TEST(done < 20);
    BOOST_TEST(is_active(token));
}

// What is being exchanged while its subject is revoked is not left over.
BOOST_AUTO_TEST_CASE(leaves_nothing_that_was_exchanged_while_its_subject_was_revoked) {
    constexpr std::size_t racers = 16;
    for (int round = 0; round < 10; ++round) {
        auto const secret = text(login_of("api", "mcp:tools"), "access_token");
        std::vector<answer> answers(racers);
        std::atomic<std::size_t> waiting{racers};
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < racers; ++i) {
            threads.emplace_back([&, i] {
                bench mine(routes);
                mine.realm = web.realm;
                mine.clock.advance(web.clock.now() - mine.clock.now());
                auto const who = basic(tollgate::to_base64("api:secret"));
                waiting.fetch_sub(1);
                while (waiting.load() != 0)
                    std::this_thread::yield();
                answers[i] = i == 0 ? mine.post_form("/revoke", {{"token", secret}}, who)
                                    : mine.post_form("/token", request(secret), who);
            });
        }
        for (auto& t : threads)
            t.join();
        for (std::size_t i = 1; i < racers; ++i) {
            if (answers[i].status != 200) continue;
            BOOST_TEST(!is_active(text(answers[i].json(), "access_token")));
        }
        BOOST_TEST(!is_active(secret));
    }
}

BOOST_AUTO_TEST_SUITE_END()
