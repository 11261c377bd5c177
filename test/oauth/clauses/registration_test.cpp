// Requirements of RFC 7591 that no feature of its own stands for.
#include <algorithm>
#include <set>

#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct registering : authorization_bench {
    answer send(json::object m) {
        if (!m.contains("redirect_uris")) m["redirect_uris"] = json::array{callback};
        return web.post_json("/register", json::serialize(m));
    }
    json::value confidential() {
        json::object m;
        m["token_endpoint_auth_method"] = "client_secret_post";
        return register_client(m);
    }
    answer ask_as(std::string const& id, std::string const& secret) {
        return token(with(refresh_request(id, "x"), "client_secret", secret));
    }
};

// RFC 7591 §3.2.2 says of both members of an error that they are ASCII.
bool is_printable_ascii(std::string_view s) {
    return std::ranges::all_of(s, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clauses_of_registration, registering)

// RFC 7591 §3.2.1: a client_secret is unique for each client_id.
BOOST_AUTO_TEST_CASE(gives_every_client_a_secret_of_its_own) {
    auto const one = confidential();
    auto const other = confidential();
    std::set<std::string> const secrets{text(one, "client_secret"), text(other, "client_secret")};
    BOOST_TEST(secrets.size() == 2u);
    auto const id = text(one, "client_id");
    BOOST_TEST(refusal(ask_as(id, text(other, "client_secret"))) == "401 invalid_client");
    BOOST_TEST(refusal(ask_as(id, text(one, "client_secret"))) == "400 invalid_grant");
}

// RFC 7591 §3.2.1: the server assigns client_id, client_secret and the dates, whatever was sent.
// RFC 7591 §6: clients cannot choose a client identifier.
// RFC 9068 §5: a client cannot become the subject of its choice by registering its name.
BOOST_AUTO_TEST_CASE(lets_no_client_choose_its_identifier_or_secret) {
    json::object m;
    for (auto const* name :
         {"client_id", "client_secret", "registration_access_token", "registration_client_uri"})
        m[name] = "chosen";
    m["client_id_issued_at"] = 1;
    m["client_secret_expires_at"] = 1;
    auto const a = send(m);
    BOOST_REQUIRE_MESSAGE(a.status == 201, a.body);
    auto const told = a.json();
    for (auto const& [name, value] : m)
        BOOST_TEST((told.at(name) != value), name);
    BOOST_TEST(refusal(ask_as("chosen", "chosen")) == "401 invalid_client");
}

// RFC 7591 §3.2.2: status 400, application/json, error and error_description in ASCII.
BOOST_AUTO_TEST_CASE(tells_of_errors_in_json_and_ascii) {
    json::object wrong_redirect;
    wrong_redirect["redirect_uris"] = json::array{"http://\xc3\xa9vil.example/cb"};
    json::object wrong_member;
    wrong_member["client_name#\xe3\x82\xa2"] = 7;
    json::object unknown_method;
    unknown_method["token_endpoint_auth_method"] = "\xc3\xa9";
    json::object contradiction;
    contradiction["grant_types"] = json::array{"implicit\n"};
    for (auto const& m : {wrong_redirect, wrong_member, unknown_method, contradiction}) {
        auto const a = send(m);
        BOOST_TEST(a.status == 400u, json::serialize(m));
        BOOST_TEST(a.header("Content-Type") == "application/json");
        BOOST_TEST(a.header("Cache-Control") == "no-store");
        BOOST_TEST(text(a.json(), "error").starts_with("invalid_"));
        BOOST_TEST(is_printable_ascii(text(a.json(), "error_description")), a.body);
    }
}

// RFC 7591 §5: clients that use redirects must register where to.
// RFC 7591 §2: redirect_uris is supported where flows with redirection are.
BOOST_AUTO_TEST_CASE(wants_redirects_of_whoever_uses_them) {
    json::object m;
    m["redirect_uris"] = json::array{};
    BOOST_TEST(refusal(send(m)) == "400 invalid_redirect_uri");
    m["grant_types"] = json::array{"authorization_code", "refresh_token"};
    BOOST_TEST(refusal(send(m)) == "400 invalid_redirect_uri");
    m["redirect_uris"] = json::array{"https://a.example/cb"};
    auto const a = send(m);
    BOOST_REQUIRE_MESSAGE(a.status == 201, a.body);
    BOOST_TEST(json::serialize(a.json().at("redirect_uris")) == R"(["https://a.example/cb"])");
}

BOOST_AUTO_TEST_SUITE_END()
