// The keys of a client that signs its requests.
#include "oauth/client_auth/remote_keys.hpp"

#include <boost/json/parse.hpp>

#include "oauth/server/authorization_bench.hpp"
#include "oauth/upstream/provider_peer.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

oauth::server_options asking_with(http::client& c) {
    oauth::server_options o;
    o.configured.loopback_metadata = true;
    o.outbound = &c;
    return o;
}

// What the token endpoint would ask for the client `who`.
struct keys_bench {
    provider_peer peer;
    http::client outbound{http::client::options()};
    authorization_bench as{asking_with(outbound)};
    oauth::client who;

    std::string ask(bool anew = false) {
        std::string said;
        http::router table;
        table.add_row("/x", http::verb::get, "x", http::plain_route,
                      [&](http::context& c) { return answer_with(as.server, c, who, anew, said); });
        bench probe(table);
        probe.realm = as.web.realm;
        probe.get("/x");
        return said;
    }
    static tollgate::task<tollgate::outcome<http::reply>> answer_with(oauth::server& s,
                                                                      http::context& c,
                                                                      oauth::client const& who,
                                                                      bool anew,
                                                                      std::string& said) {
        auto const keys = co_await oauth::client_keys(s, c, who, anew);
        said = keys ? std::to_string(keys->size()) + ' ' + keys->front().key_id
                    : keys.error().error() + ": " + keys.error().description();
        co_return http::reply(200);
    }
    void has_keys_at(std::string url) { who.metadata["jwks_uri"] = std::move(url); }
};

json::object one_key() {
    json::object set;
    set["keys"] = json::array{shared_key().public_jwk()};
    return set;
}

std::string const one_key_said = "1 " + std::string(shared_key().key_id());

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_keys_suite, keys_bench)

// RFC 7591 §2: jwks, by value
BOOST_AUTO_TEST_CASE(are_those_that_it_registered) {
    who.metadata["jwks"] = one_key();
    BOOST_TEST(ask() == one_key_said);
    who.metadata["jwks"] = json::object();
    BOOST_TEST(ask().starts_with("invalid_client: "));
    who.metadata.erase("jwks");
    BOOST_TEST(ask() == "invalid_client: this client has registered no keys");
}

// RFC 7591 §2: jwks_uri, by reference, so that the client can change its keys
BOOST_AUTO_TEST_CASE(are_fetched_once_and_again_when_a_key_is_missing) {
    peer.answers_json(json::serialize(one_key()));
    has_keys_at(peer.url() + "/jwks");
    BOOST_TEST(ask() == one_key_said);
    BOOST_TEST(ask() == one_key_said);
    BOOST_TEST(ask(true) == one_key_said);
    BOOST_TEST(peer.count() == 1u);
    as.later(5s);
    BOOST_TEST(ask(true) == one_key_said);
    BOOST_TEST(peer.count() == 2u);
}

// RFC 9110 §15.6.4, RFC 9111 §4.2.4: a key set that cannot be had says nothing about a signature
BOOST_AUTO_TEST_CASE(that_cannot_be_had_are_no_fault_of_the_client) {
    has_keys_at(peer.url() + "/jwks");
    peer.answers(503, "text/plain", "");
    BOOST_TEST(ask().starts_with("temporarily_unavailable: "));
    peer.answers_json(json::serialize(one_key()));
    BOOST_TEST(ask() == one_key_said);
    as.later(120s);
    peer.answers(503, "text/plain", "");
    BOOST_TEST(ask() == one_key_said);
    BOOST_TEST(ask(true).starts_with("temporarily_unavailable: "));
    peer.answers(404, "text/plain", "");
    BOOST_TEST(ask(true).starts_with("invalid_client: "));
}

// Client ID Metadata Document draft-01 §6.5: a key set is guarded like the document itself
BOOST_AUTO_TEST_CASE(are_not_fetched_from_inside) {
    for (auto const* url : {"https://127.0.0.1/jwks", "https://10.0.0.1/jwks",
                            "https://169.254.169.254/jwks", "https://[::1]/jwks"}) {
        has_keys_at(url);
        BOOST_TEST(ask() ==
                   "invalid_client: the client's key set at its jwks_uri has no public address");
    }
    has_keys_at("http://app.example/jwks");
    BOOST_TEST(ask() == "invalid_client: the client's jwks_uri cannot be asked");
    as.policy([](auto& p) { p.loopback_metadata = false; });
    has_keys_at(peer.url() + "/jwks");
    BOOST_TEST(ask() == "invalid_client: the client's jwks_uri cannot be asked");
    BOOST_TEST(peer.count() == 0u);
}

BOOST_AUTO_TEST_CASE(that_are_of_no_use_are_not_kept) {
    has_keys_at(peer.url() + "/jwks");
    for (auto const* body : {"{}", R"({"keys":[]})", R"({"keys":[{"kty":"oct","k":"AA"}]})"}) {
        peer.answers_json(body);
        BOOST_TEST(ask().starts_with("invalid_client: "), body);
    }
    peer.answers_json(json::serialize(one_key()));
    BOOST_TEST(ask() == one_key_said);
}

BOOST_AUTO_TEST_SUITE_END()
