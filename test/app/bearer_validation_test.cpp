// What a request to the MCP server must show, and who is asked about its token.
#include "app/bearer_validation.hpp"

#include <optional>

#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "app/upstream_roles.hpp"
#include "config/config_file.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/server/realm_state.hpp"
#include "store/store.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;

namespace {

// What the rules say about the request that came.
struct question {
    bearer_rules* rules = nullptr;
    std::optional<oauth::bearer_requirement> wanted;
    http::challenge_wording wording;
};

task<outcome<http::reply>> ask(question& q, http::context& c) {
    q.wanted = q.rules->requirement(c);
    q.wording = q.rules->wording(c);
    co_return http::reply(204);
}

constexpr http::route<question> rows[] = {
    {"/mcp", http::verb::get, "mcp", &ask, http::plain_route}};

oauth::server_options options_of(config const& c) {
    oauth::server_options o;
    o.configured = oauth_policy(c);
    return o;
}

struct fixture {
    explicit fixture(strings const& sets = {}) : settings(tollgate::test::load({.sets = sets})) {
        routes.add(asked, std::span<http::route<question> const>(rows));
        as.open(*bench.realm);
        mcp.open(*bench.realm);
        asked.rules = &rules;
        bench.where.internal_issuer = "http://127.0.0.1:1";  // nobody
    }
    ~fixture() { workers.join(); }
    fixture(fixture const&) = delete;
    fixture& operator=(fixture const&) = delete;

    oauth::bearer_requirement requirement() {
        BOOST_REQUIRE(bench.get("/mcp").status == 204u);
        return *asked.wanted;
    }
    http::challenge_wording wording() {
        BOOST_REQUIRE(bench.get("/mcp").status == 204u);
        return asked.wording;
    }
    // The status that a token which nobody issued is refused with.
    unsigned status_of_unknown_token() {
        bench.where.realm = bench.realm;
        auto const answer =
            ::test::run(bench.io(), rules.validator().validate("nobody-issued-it", bench.where));
        BOOST_REQUIRE(!answer.has_value());
        return answer.error().status();
    }
    void use(oauth::strategy s) {
        auto p = *as.state(*bench.realm).current();
        p.validation = s;
        as.set_policy(*bench.realm, std::move(p));
    }

    config const settings;
    manual_clock clock;
    boost::asio::thread_pool workers{1};
    std::unique_ptr<oauth::store> store = oauth::make_memory_store(clock);
    http::client client{http::client::options()};
    oauth::server as{options_of(settings), clock, *store, workers};
    mcp::server mcp{mcp_policy(settings), clock, mcp::known_methods()};
    provider_roles roles{settings, client, *store, clock};
    bool draining = false;
    bearer_rules rules{settings, "internal", roles.provider(),           client, as,
                       mcp,      clock,      [this] { return draining; }};
    question asked;
    http::router routes;
    ::test::bench bench{routes};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(app_bearer_validation)

BOOST_AUTO_TEST_CASE(each_word_of_mcp_auth_says_who_is_let_in) {
    struct {
        char const* word;
        bool required;
        bool anonymous_too;
    } const table[] = {
        {"required", true, false}, {"tools-only", true, true}, {"none", false, false}};
    for (auto const& row : table) {
        fixture f({"mcp.auth=" + std::string(row.word)});
        BOOST_TEST(f.requirement().required == row.required, row.word);
        BOOST_TEST(f.requirement().anonymous_too == row.anonymous_too, row.word);
    }
}

BOOST_AUTO_TEST_CASE(every_request_needs_the_scopes_of_the_mcp_server) {
    fixture f({"mcp.scopes=[\"mcp:tools\", \"mcp:admin\"]"});
    BOOST_TEST(f.requirement().scopes == (strings{"mcp:tools", "mcp:admin"}),
               boost::test_tools::per_element());
}

// OpenID Connect Core §5.3: userinfo answers to tokens with the scope openid
BOOST_AUTO_TEST_CASE(under_userinfo_every_request_needs_openid_as_well) {
    fixture f({"validation.strategy=userinfo"});
    BOOST_TEST(f.requirement().scopes == (strings{"mcp:tools", "openid"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_realm_that_was_changed_is_held_to_its_own_policy) {
    fixture f;
    auto p = f.mcp.configured_policy();
    p.auth = mcp::auth_mode::tools_only;
    p.challenge_realm = "alpha";
    p.resource_metadata = mcp::metadata_reference::relative;
    f.mcp.set_policy(*f.bench.realm, p);
    BOOST_TEST(f.requirement().anonymous_too);
    BOOST_TEST(f.wording().realm == "alpha");
    BOOST_TEST(f.wording().relative_metadata);
}

BOOST_AUTO_TEST_CASE(challenges_are_worded_as_the_standards_have_it_unless_told_otherwise) {
    fixture standard;
    BOOST_TEST(standard.wording().realm == "");
    BOOST_TEST(!standard.wording().relative_metadata);
    fixture other({"mcp.challenge_realm=MCP", "mcp.resource_metadata=relative"});
    BOOST_TEST(other.wording().realm == "MCP");
    BOOST_TEST(other.wording().relative_metadata);
}

BOOST_AUTO_TEST_CASE(what_nobody_can_tell_about_is_answered_as_the_realm_has_it) {
    fixture f;
    BOOST_TEST((f.requirement().unreachable == oauth::unreachable_answer::unavailable));
    auto p = *f.as.state(*f.bench.realm).current();
    p.unreachable = oauth::unreachable_answer::unauthorized;
    f.as.set_policy(*f.bench.realm, std::move(p));
    BOOST_TEST((f.requirement().unreachable == oauth::unreachable_answer::unauthorized));
}

// RFC 9449 §7, §9
BOOST_AUTO_TEST_CASE(proofs_of_possession_are_asked_for_as_the_authorization_server_has_it) {
    for (std::string const word : {"off", "optional", "required"}) {
        fixture f({"tokens.dpop=" + word, "tokens.dpop_nonce=true"});
        auto const rules = f.requirement().dpop;
        BOOST_TEST(word_of(rules.mode) == word);
        if (rules.mode == oauth::dpop_mode::off) continue;
        BOOST_TEST(rules.nonce);
        BOOST_TEST((rules.state != nullptr));
    }
}

BOOST_AUTO_TEST_CASE(a_token_is_judged_by_the_strategy_of_its_realm_at_every_call) {
    fixture f;
    BOOST_TEST(f.status_of_unknown_token() == 503u);  // introspection: nobody can be asked
    f.use(oauth::strategy::local);
    BOOST_TEST(f.status_of_unknown_token() == 401u);
    f.use(oauth::strategy::userinfo);
    BOOST_TEST(f.status_of_unknown_token() == 503u);
}

// A drain closes the door through which we would ask ourselves.
BOOST_AUTO_TEST_CASE(while_the_server_drains_our_own_tokens_are_judged_without_asking) {
    for (auto const strategy : {oauth::strategy::introspection, oauth::strategy::userinfo}) {
        fixture f;
        f.use(strategy);
        f.draining = true;
        BOOST_TEST(f.status_of_unknown_token() == 401u, word_of(strategy));
        f.draining = false;
        BOOST_TEST(f.status_of_unknown_token() == 503u, word_of(strategy));
    }
}

// Our records know nothing of them: "unknown" would end what is still under way.
BOOST_AUTO_TEST_CASE(while_the_server_drains_others_are_asked_about_their_tokens_as_ever) {
    strings const foreign{"upstream.issuer=http://127.0.0.1:1"};
    strings const elsewhere{"validation.endpoint=http://127.0.0.1:1/introspect"};
    for (auto const& sets : {foreign, elsewhere}) {
        fixture f(sets);
        f.draining = true;
        BOOST_TEST(f.status_of_unknown_token() == 503u, sets.front());
    }
}

BOOST_AUTO_TEST_SUITE_END()
