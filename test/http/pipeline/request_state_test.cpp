// What one request keeps while it is answered.
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

struct policy {
    int value;
};
struct other_policy {
    int value;
};

struct visit {
    tollgate::http::place where;
    request received;
    route_match matched;
    manual_clock time;
    int current = 1;
    int reads = 0;

    visit() { where.realm = std::make_shared<realm>("alpha"); }
    std::unique_ptr<context> begin() {
        return std::make_unique<context>(received, where, received.path, matched, time,
                                         boost::asio::any_io_executor(), "id");
    }
    int seen_by(context const& c) {
        auto const read = [this] {
            ++reads;
            return std::make_shared<policy const>(policy{current});
        };
        return c.snapshot<policy>(read)->value;
    }
    std::string json_error(std::string_view type, std::string_view body) {
        received.headers = {{"Content-Type", type}};
        received.body = body;
        auto const c = begin();
        auto const got = c->body_json();
        BOOST_REQUIRE(!got);
        BOOST_TEST(got.error().status() == 400u);
        return got.error().description();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(request_state, visit)

BOOST_AUTO_TEST_CASE(a_request_keeps_to_the_policy_that_it_saw_first) {
    auto const c = begin();
    BOOST_TEST(seen_by(*c) == 1);
    current = 2;
    BOOST_TEST(seen_by(*c) == 1);
    BOOST_TEST(reads == 1);
    auto const next = begin();
    BOOST_TEST(seen_by(*next) == 2);
}

BOOST_AUTO_TEST_CASE(policies_of_different_folders_are_kept_apart) {
    auto const c = begin();
    BOOST_TEST(seen_by(*c) == 1);
    auto const read = [] { return std::make_shared<other_policy const>(other_policy{7}); };
    BOOST_TEST(c->snapshot<other_policy>(read)->value == 7);
    BOOST_TEST(seen_by(*c) == 1);
}

BOOST_AUTO_TEST_CASE(a_policy_that_was_seen_lives_as_long_as_the_request) {
    auto made = std::make_shared<policy const>(policy{3});
    std::weak_ptr<policy const> const alive = made;
    auto c = begin();
    c->snapshot<policy>([&] { return std::move(made); });
    BOOST_TEST(!alive.expired());
    c.reset();
    BOOST_TEST(alive.expired());
}

BOOST_AUTO_TEST_CASE(nobody_is_known_before_the_guard_said_who_it_is) {
    auto const c = begin();
    BOOST_TEST(c->who() == nullptr);
    credential caller;
    caller.who.subject = "ada";
    c->authenticate(caller);
    BOOST_REQUIRE(c->who() != nullptr);
    BOOST_TEST(c->who()->who.subject == "ada");
}

BOOST_AUTO_TEST_CASE(no_key_is_proven_before_a_proof_was_checked) {
    auto const c = begin();
    BOOST_TEST(c->proven().thumbprint.empty());
    BOOST_TEST(!c->proven().for_refresh);
    c->prove("thumbprint", true);
    BOOST_TEST(c->proven().thumbprint == "thumbprint");
    BOOST_TEST(c->proven().for_refresh);
}

// RFC 6750 §3, RFC 9728 §5.1: without other wishes a challenge is what the standards say.
BOOST_AUTO_TEST_CASE(challenges_are_worded_by_the_standards_unless_somebody_wishes_otherwise) {
    auto const c = begin();
    BOOST_TEST(c->wording().realm.empty());
    BOOST_TEST(!c->wording().relative_metadata);
    BOOST_TEST(c->challenges().bearer);
    BOOST_TEST(c->challenges().dpop_algs.empty());
    context::wording_source const by = [](context const&) {
        challenge_wording w;
        w.realm = "MCP";
        return w;
    };
    c->style_challenges(by);
    BOOST_TEST(c->wording().realm == "MCP");
}

BOOST_AUTO_TEST_CASE(notes_keep_their_order_and_their_repetitions) {
    auto const c = begin();
    c->note("grant", "refresh_token");
    c->note("why", "rotated");
    c->note("why", "reused");
    std::vector<std::pair<std::string, std::string>> const expected{
        {"grant", "refresh_token"}, {"why", "rotated"}, {"why", "reused"}};
    BOOST_CHECK(c->notes() == expected);
}

BOOST_AUTO_TEST_CASE(time_is_that_of_the_server_and_moves_during_a_request) {
    auto const c = begin();
    auto const before = c->now();
    time.advance(std::chrono::seconds(5));
    BOOST_TEST((c->now() - before == std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_is_refused_with_the_same_words_each_time) {
    received.query = "a=%zz";
    received.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    received.body = "b=%00";
    auto const c = begin();
    BOOST_TEST(c->query().error().description() == c->query().error().description());
    BOOST_TEST(c->body_form().error().description() != c->query().error().description());
    BOOST_TEST(c->body_form().error().description() == c->body_form().error().description());
}

// RFC 6749 §5.2: an error_description holds neither quotes nor backslashes nor control characters
BOOST_AUTO_TEST_CASE(a_content_type_is_repeated_without_what_a_description_may_not_hold) {
    auto const text = json_error("text/\"x\\y\"\x01; a=\"b\"", "{}");
    BOOST_TEST(text.find_first_of("\"\\\x01") == std::string::npos, text);
    BOOST_TEST(text.find("text/") != std::string::npos, text);
    auto const endless = json_error(std::string(5000, 'x'), "{}");
    BOOST_TEST(endless.size() < 400u);
}

// RFC 6839 §3.1: "+json" is a suffix of a subtype
BOOST_AUTO_TEST_CASE(a_type_that_only_looks_like_json_is_none) {
    for (auto const* type : {"text/json", "application/jsonp", "application/json+xml", "json",
                             "application+json", "application/x-json"})
        BOOST_TEST(json_error(type, "{}").find("application/json") != std::string::npos, type);
}

// RFC 8259 §8.1: JSON text is UTF-8
BOOST_AUTO_TEST_CASE(json_that_is_not_utf8_is_refused) {
    for (std::string_view const body :
         {std::string_view("\"\xed\xa0\x80\""), std::string_view("{\"\xff\":1}"),
          std::string_view("\"\xc3\""), std::string_view("{\0\"\0a\0\"\0", 8)})
        BOOST_TEST(json_error("application/json", body).find("not JSON") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
