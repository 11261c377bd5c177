// Gates: requests that are held until a test opens them.
#include <thread>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;

struct gated {
    program p{{"authorization_server.consent=auto"}};
    login client{p.mcp()};
    std::string control = p.issuer() + "/control/";

    std::string gate(std::string const& body) const {
        auto const made = post_json(control + "gates", body);
        BOOST_REQUIRE_MESSAGE(made.status == 201u, made.body);
        return text_of(json_of(made), "id");
    }
    long held(std::string const& id) const {
        return json_of(get(control + "gates/" + id)).at("held").as_int64();
    }
    bool is_open(std::string const& id) const {
        return json_of(get(control + "gates/" + id)).at("open").as_bool();
    }
    std::unique_ptr<raw_client> refresh_without_waiting() const {
        auto const body = "grant_type=refresh_token&client_id=" + client.client_id +
                          "&refresh_token=" + client.now.refresh;
        return open("POST", p.issuer() + "/token",
                    {{"Content-Type", "application/x-www-form-urlencoded"}}, body);
    }
};

constexpr char refreshes[] = R"({"select":{"grant_type":"refresh_token"}})";

BOOST_FIXTURE_TEST_SUITE(gates_flow, gated)

BOOST_AUTO_TEST_CASE(holds_what_matches_and_lets_the_rest_pass) {
    auto const id = gate(refreshes);
    auto const waiting = refresh_without_waiting();
    BOOST_REQUIRE(eventually([&] { return held(id) == 1; }));
    BOOST_TEST(get(p.issuer() + "/.well-known/oauth-authorization-server").status == 200u);
    BOOST_TEST(
        json_of(call("POST", control + "gates/" + id + "/release")).at("released").as_int64() == 1);
    BOOST_TEST(waiting->read_reply().status == 200u);
}

// A stampede: two refreshes with one token, that arrive together.
BOOST_AUTO_TEST_CASE(opens_by_itself_when_as_many_are_held_as_were_asked_for) {
    auto const id = gate(R"({"select":{"grant_type":"refresh_token"},"count":2})");
    auto const one = refresh_without_waiting();
    BOOST_REQUIRE(eventually([&] { return held(id) == 1; }));
    auto const two = refresh_without_waiting();
    auto const first = one->read_reply().status;
    auto const second = two->read_reply().status;
    // RFC 9700 §4.14.2: one of them is a token that was used already.
    BOOST_TEST(first + second == 200u + 400u);
    BOOST_TEST(is_open(id));
}

BOOST_AUTO_TEST_CASE(holds_nobody_once_it_is_open) {
    auto const id = gate(refreshes);
    call("POST", control + "gates/" + id + "/release");
    BOOST_TEST(client.try_refresh(client.now.refresh).status == 200u);
    BOOST_TEST(json_of(get(control + "gates/" + id)).at("passed").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(holds_nobody_for_longer_than_its_timeout) {
    gate(R"({"select":{"grant_type":"refresh_token"},"timeout":"50ms"})");
    BOOST_TEST(client.try_refresh(client.now.refresh).status == 200u);
}

BOOST_AUTO_TEST_CASE(lets_go_of_whom_it_holds_when_it_is_deleted_and_at_a_reset) {
    auto const id = gate(refreshes);
    auto const waiting = refresh_without_waiting();
    BOOST_REQUIRE(eventually([&] { return held(id) == 1; }));
    BOOST_TEST(call("DELETE", control + "gates/" + id).status == 204u);
    BOOST_TEST(waiting->read_reply().status == 200u);
    BOOST_TEST(get(control + "gates/" + id).status == 404u);

    auto const again = gate(R"({"select":{"endpoint":"as_metadata"}})");
    auto const reader = open("GET", p.issuer() + "/.well-known/oauth-authorization-server");
    BOOST_REQUIRE(eventually([&] { return held(again) == 1; }));
    call("POST", control + "reset");
    BOOST_TEST(reader->read_reply().status == 200u);
    BOOST_TEST(json_of(get(control + "gates")).at("gates").as_array().empty());
}

BOOST_AUTO_TEST_CASE(is_no_fault) {
    gate(refreshes);
    BOOST_TEST(json_of(get(control + "faults")).at("faults").as_array().empty());
    BOOST_TEST(json_of(call("DELETE", control + "faults")).at("removed").as_int64() == 0);
    BOOST_TEST(json_of(get(control + "gates")).at("gates").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(is_refused_where_nothing_could_ever_match) {
    auto const wrong = post_json(control + "gates", R"({"select":{"grant_type":"refresh"}})");
    BOOST_TEST(wrong.status == 400u);
    BOOST_TEST(wrong.body.find("refresh_token") != std::string::npos);
    BOOST_TEST(post_json(control + "gates", R"({"count":0})").status == 400u);
    BOOST_TEST(post_json(control + "gates", R"({"timeout":"1h"})").status == 400u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
