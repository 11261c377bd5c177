// One code or one refresh token, presented over fifty connections at the same moment.
#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "http/message/form.hpp"

namespace {

using namespace test;

constexpr int connections = 50;
// RFC 7636 Appendix B.
std::string const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
std::string const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
std::string const callback = "http://127.0.0.1:33418/callback";

unsigned short port_of(std::string const& origin) {
    return static_cast<unsigned short>(std::stoi(origin.substr(origin.rfind(':') + 1)));
}

std::string form_text(fields const& parameters) {
    auto const url = http::with_query("x", parameters);
    return url.substr(2);
}

std::string request_text(std::string const& issuer, std::string const& path,
                         fields const& parameters) {
    auto const body = form_text(parameters);
    return "POST " + path + " HTTP/1.1\r\nHost: " + issuer.substr(issuer.find("//") + 2) +
           "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Every connection is open before the first byte is sent. No checks of the framework in here: it
// is not made for threads.
std::vector<raw_reply> race(std::string const& issuer, std::vector<std::string> const& requests) {
    std::vector<std::unique_ptr<raw_client>> open;
    for (std::size_t i = 0; i < requests.size(); ++i)
        open.push_back(
            std::make_unique<raw_client>(port_of(issuer), "127.0.0.1", std::chrono::seconds(60)));
    std::vector<raw_reply> replies(requests.size());
    std::atomic<std::size_t> waiting{requests.size()};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        threads.emplace_back([&, i] {
            waiting.fetch_sub(1);
            while (waiting.load() != 0)
                std::this_thread::yield();
            try {
                open[i]->send(requests[i]);
                replies[i] = open[i]->read_reply();
            } catch (raw_failure const&) {
                replies[i].status = 0;
            }
        });
    }
    for (auto& t : threads)
        t.join();
    return replies;
}

std::vector<raw_reply> race(std::string const& issuer, std::string const& path,
                            fields const& parameters) {
    return race(issuer,
                std::vector<std::string>(connections, request_text(issuer, path, parameters)));
}

// The tokens of those who got some; the others were told invalid_grant.
std::vector<boost::json::value> winners(std::vector<raw_reply> const& replies) {
    std::vector<boost::json::value> won;
    for (auto const& r : replies) {
        if (r.status == 200u) {
            won.push_back(json_of(r));
            continue;
        }
        BOOST_TEST(r.status == 400u);
        BOOST_TEST(text_of(json_of(r), "error") == "invalid_grant");
    }
    return won;
}

bool works(program& p, std::string const& token) {
    return post_json(p.mcp(), initialize_body(),
                     {{"Authorization", "Bearer " + token},
                      {"Accept", "application/json, text/event-stream"}})
               .status == 200u;
}

fields code_request(program& p, std::string const& client_id) {
    auto const sent_back =
        get(http::with_query(p.issuer() + "/authorize", {{"response_type", "code"},
                                                         {"client_id", client_id},
                                                         {"redirect_uri", callback},
                                                         {"code_challenge", challenge},
                                                         {"code_challenge_method", "S256"}}));
    BOOST_REQUIRE_EQUAL(sent_back.status, 302u);
    std::string const location(sent_back.header("Location"));
    auto const query = http::form::parse(location.substr(location.find('?') + 1));
    return {{"grant_type", "authorization_code"},
            {"code", std::string(*query->one("code"))},
            {"redirect_uri", callback},
            {"client_id", client_id},
            {"code_verifier", verifier}};
}

fields refresh_request(login const& client) {
    return {{"grant_type", "refresh_token"},
            {"refresh_token", client.now.refresh},
            {"client_id", client.client_id}};
}

BOOST_AUTO_TEST_SUITE(race_flow)

// RFC 6749 §4.1.2: a code is used once; a second use revokes what came of the first.
BOOST_AUTO_TEST_CASE(fifty_connections_get_tokens_for_one_code_at_most_once) {
    program p;
    login const client(p.mcp());
    auto const won = winners(race(p.issuer(), "/token", code_request(p, client.client_id)));
    BOOST_TEST(won.size() <= 1u);
    for (auto const& tokens : won)
        BOOST_TEST(!works(p, text_of(tokens, "access_token")));
    BOOST_TEST(works(p, client.now.access));
}

// RFC 9700 §4.14.2: a refresh token rotates once, however many present it
BOOST_AUTO_TEST_CASE(fifty_connections_rotate_one_refresh_token_exactly_once) {
    program p({"tokens.refresh_reuse=reject"});
    login const client(p.mcp());
    auto const won = winners(race(p.issuer(), "/token", refresh_request(client)));
    BOOST_REQUIRE_EQUAL(won.size(), 1u);
    BOOST_TEST(works(p, text_of(won[0], "access_token")));
    auto next = client;
    next.now.refresh = text_of(won[0], "refresh_token");
    BOOST_TEST(client.try_refresh(next.now.refresh).status == 200u);
}

BOOST_AUTO_TEST_CASE(fifty_connections_leave_nothing_of_a_family_that_was_reused) {
    program p;
    login const client(p.mcp());
    auto const won = winners(race(p.issuer(), "/token", refresh_request(client)));
    BOOST_TEST(won.size() <= 1u);
    for (auto const& tokens : won) {
        BOOST_TEST(!works(p, text_of(tokens, "access_token")));
        BOOST_TEST(client.try_refresh(text_of(tokens, "refresh_token")).status == 400u);
    }
    BOOST_TEST(!works(p, client.now.access));
}

// RFC 7009 §2.1: what is revoked stays dead, whatever is under way.
BOOST_AUTO_TEST_CASE(a_family_that_is_revoked_under_way_stays_dead) {
    for (std::string const rule : {"revoke-family", "grace:10s", "until-successor-used"}) {
        program p({"tokens.refresh_reuse=" + rule});
        login const client(p.mcp());
        std::vector<std::string> requests(
            connections, request_text(p.issuer(), "/token", refresh_request(client)));
        requests[connections / 2] =
            request_text(p.issuer(), "/revoke",
                         {{"token", client.now.refresh}, {"client_id", client.client_id}});
        auto replies = race(p.issuer(), requests);
        BOOST_TEST(replies[connections / 2].status == 200u);
        replies.erase(replies.begin() + connections / 2);
        for (auto const& tokens : winners(replies)) {
            BOOST_TEST(!works(p, text_of(tokens, "access_token")));
            BOOST_TEST(client.try_refresh(text_of(tokens, "refresh_token")).status == 400u);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
