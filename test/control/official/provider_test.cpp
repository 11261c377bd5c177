// The identity provider of a scenario, and the context that a client is handed.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "control/official/client_context.hpp"
#include "control/official/identity_provider.hpp"
#include "control/realms/realm_setup.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

constexpr std::int64_t now = 1'800'000'000;

// Its keys give the claims for a JWT (fake_oauth).
struct context_of {
    control::scenario of;
    fake_oauth keys;
    json::object realm{{"issuer", "http://localhost:9100"}, {"mcp", "http://localhost:9101/mcp"}};

    explicit context_of(std::string const& context) {
        of.equipment.context = json::parse(context).as_object();
        of.equipment.key = "PEM";
    }
    json::object filled() const {
        auto const at = tollgate::time_point(std::chrono::seconds(now));
        return control::client_context(of, realm, keys, at);
    }
    std::string text() const { return json::serialize(filled()); }
};

// The claims of the JWT that stands for "a".
json::object claims_in(context_of const& c) {
    return json::parse(c.filled().at("a").as_string()).as_object();
}

tollgate::task<tollgate::outcome<http::reply>> exchange_token(control::administrations& to,
                                                              http::context& c) {
    auto const made = control::exchange_at_provider(to, c);
    if (!made) co_return made.error();
    co_return http::json_reply(200, json::serialize(*made));
}

std::string const exchange_type = "urn:ietf:params:oauth:grant-type:token-exchange";
std::string const id_token_type = "urn:ietf:params:oauth:token-type:id_token";
std::string const id_jag_type = "urn:ietf:params:oauth:token-type:id-jag";

constexpr http::route<control::administrations> rows[] = {
    {"/provider", http::verb::post, "token", &exchange_token, http::plain_route},
};

// A realm in a scenario with a provider. Its keys take JSON for a token (fake_oauth).
struct provider : plane {
    control::administrations to{oauth, mcp};
    control::scenario of;

    provider() {
        routes.add(to, std::span<http::route<control::administrations> const>(rows));
        of.name = "with-a-provider";
        of.equipment.provider = "https://idp.example";
        of.equipment.context = {{"idp_client_id", "at-idp"}, {"client_id", "at-server"}};
    }
    answer ask(fields form) {
        control::enter_scenario(*b.realm, of, realms.servers(), b.clock.now());
        return b.post_form("/provider", std::move(form));
    }
    // With `other` in the place of what a right client sends; "" leaves a parameter out.
    answer ask_with(std::string const& name, std::string const& other) {
        auto form = right();
        for (auto& p : form)
            if (p.first == name) p.second = other;
        return ask(std::move(form));
    }
    answer ask_for(json::object claims) {
        return ask_with("subject_token", json::serialize(claims));
    }
    static json::object claims() {
        return {{"iss", "https://idp.example"}, {"aud", "at-idp"}, {"exp", now + 1}, {"sub", "u"}};
    }
    static fields right() {
        return {{"grant_type", exchange_type},         {"subject_token", json::serialize(claims())},
                {"subject_token_type", id_token_type}, {"requested_token_type", id_jag_type},
                {"audience", "http://as.example"},     {"resource", "http://mcp.example/mcp"}};
    }
    static std::string why(answer const& a) {
        return std::to_string(a.status) + ' ' + text(a.json(), "error") + ": " + described(a);
    }
    std::string why_not(std::string const& claim, json::value v) {
        auto c = claims();
        if (v.is_null())
            c.erase(claim);
        else
            c[claim] = std::move(v);
        return why(ask_for(std::move(c)));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(client_contexts)

BOOST_AUTO_TEST_CASE(are_empty_where_the_scenario_has_none) {
    BOOST_TEST(context_of("{}").text() == "{}");
}

BOOST_AUTO_TEST_CASE(hold_issuer_mcp_and_key_wherever_a_text_names_them) {
    context_of const c(R"({"a":"{issuer}/x?r={mcp}&i={issuer}","b":["{mcp}",{"c":"{key}"}]})");
    BOOST_TEST(c.text() ==
               R"({"a":"http://localhost:9100/x?r=http://localhost:9101/mcp&)"
               R"(i=http://localhost:9100","b":["http://localhost:9101/mcp",{"c":"PEM"}]})");
}

BOOST_AUTO_TEST_CASE(leave_names_of_members_and_what_is_no_text_as_they_are) {
    context_of const c(R"({"{issuer}":1,"a":true,"b":null,"c":1.5,"d":"{other}"})");
    BOOST_TEST(c.text() == R"({"{issuer}":1,"a":true,"b":null,"c":1.5E0,"d":"{other}"})");
}

// TOML has no null.
BOOST_AUTO_TEST_CASE(hold_null_where_a_text_says_so_and_only_that) {
    BOOST_TEST(context_of(R"({"a":"{null}","b":["{null}"],"c":"x{null}"})").text() ==
               R"({"a":null,"b":[null],"c":"x{null}"})");
}

BOOST_AUTO_TEST_CASE(put_a_name_in_once_and_do_not_look_into_it_again) {
    context_of c(R"({"a":"{issuer}"})");
    c.realm["issuer"] = "http://{issuer}/";
    BOOST_TEST(c.text() == R"({"a":"http://{issuer}/"})");
}

BOOST_AUTO_TEST_CASE(hold_a_signed_jwt_in_the_place_of_its_claims) {
    context_of const c(R"({"a":{"jwt":{"iss":"{issuer}","list":["{mcp}"]}}})");
    auto const claims = claims_in(c);
    BOOST_TEST(claims.at("iss") == "http://localhost:9100");
    BOOST_TEST(claims.at("list").at(0) == "http://localhost:9101/mcp");
    BOOST_TEST(claims.at("iat").as_int64() == now);
    BOOST_TEST(claims.at("exp").as_int64() == now + 300);
}

BOOST_AUTO_TEST_CASE(hold_a_jwt_that_lives_as_long_as_it_says) {
    auto const claims = claims_in(context_of(R"({"a":{"jwt":{},"lives":60}})"));
    BOOST_TEST(claims.at("iat").as_int64() == now);
    BOOST_TEST(claims.at("exp").as_int64() == now + 60);
}

// It was issued before it was over.
BOOST_AUTO_TEST_CASE(hold_a_jwt_that_was_over_long_ago) {
    auto const claims = claims_in(context_of(R"({"a":{"jwt":{},"lives":-60}})"));
    BOOST_TEST(claims.at("iat").as_int64() == now - 120);
    BOOST_TEST(claims.at("exp").as_int64() == now - 60);
}

BOOST_AUTO_TEST_CASE(give_each_jwt_an_identifier_of_its_own) {
    context_of const c(R"({"a":{"jwt":{}}})");
    BOOST_TEST(claims_in(c).at("jti").as_string() != claims_in(c).at("jti").as_string());
}

BOOST_AUTO_TEST_CASE(take_a_member_for_no_jwt_whose_claims_are_no_table) {
    BOOST_TEST(context_of(R"({"a":{"jwt":"{key}"}})").text() == R"({"a":{"jwt":"PEM"}})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(identity_provider, provider)

// RFC 8693 §2.2.1, and the extension enterprise-managed authorization.
BOOST_AUTO_TEST_CASE(gives_a_grant_for_a_good_id_token) {
    auto const a = ask(right());
    BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
    auto const o = a.json();
    BOOST_TEST(text(o, "issued_token_type") == id_jag_type);
    BOOST_TEST(text(o, "token_type") == "N_A");
    BOOST_TEST(o.at("expires_in").as_int64() == 300);
    auto const claims = json::parse(text(o, "access_token"));
    BOOST_TEST(text(claims, "iss") == "https://idp.example");
    BOOST_TEST(text(claims, "sub") == "u");
    BOOST_TEST(text(claims, "aud") == "http://as.example");
    BOOST_TEST(text(claims, "resource") == "http://mcp.example/mcp");
    BOOST_TEST(text(claims, "client_id") == "at-server");
    BOOST_TEST(claims.at("iat").as_int64() == now);
    BOOST_TEST(claims.at("exp").as_int64() == now + 300);
    BOOST_TEST(!text(claims, "jti").empty());
}

BOOST_AUTO_TEST_CASE(is_not_there_in_a_scenario_without_one) {
    of.equipment.provider = "";
    BOOST_TEST(why(ask(right())) ==
               "404 not_found: this realm has no identity provider of its own");
}

BOOST_AUTO_TEST_CASE(knows_token_exchange_alone) {
    for (auto const* grant : {"authorization_code", "", "token-exchange"})
        BOOST_TEST(why(ask_with("grant_type", grant)) ==
                       "400 unsupported_grant_type: only token exchange is known here",
                   grant);
}

BOOST_AUTO_TEST_CASE(refuses_a_body_that_is_no_form) {
    control::enter_scenario(*b.realm, of, realms.servers(), b.clock.now());
    auto const a = b.send(http::verb::post, "/provider", "a=%zz",
                          {{"Content-Type", "application/x-www-form-urlencoded"}});
    BOOST_TEST(why(a) == "400 invalid_request: the body is no form");
}

BOOST_AUTO_TEST_CASE(names_what_is_missing) {
    BOOST_TEST(why(ask_with("subject_token", "")) ==
               "400 invalid_request: subject_token is missing");
    BOOST_TEST(why(ask_with("audience", "")) ==
               "400 invalid_request: audience is missing: the issuer that the grant is for");
    BOOST_TEST(why(ask_with("resource", "")) ==
               "400 invalid_request: resource is missing: the MCP server that the grant is for");
}

BOOST_AUTO_TEST_CASE(takes_an_id_token_and_gives_an_id_jag_and_nothing_else) {
    for (auto const& type : {std::string(), id_jag_type})
        BOOST_TEST(why(ask_with("subject_token_type", type)) ==
                       "400 invalid_request: subject_token_type must be " + id_token_type,
                   type);
    for (auto const& type : {std::string(), id_token_type})
        BOOST_TEST(why(ask_with("requested_token_type", type)) ==
                       "400 invalid_request: requested_token_type must be " + id_jag_type,
                   type);
}

// OpenID Connect Core 1.0 §3.1.3.7.
BOOST_AUTO_TEST_CASE(refuses_a_token_that_is_another_providers_or_another_clients) {
    for (json::value const& iss : {json::value("https://other"), json::value(nullptr)})
        BOOST_TEST(why_not("iss", iss) ==
                   "400 invalid_grant: subject_token was not issued by this provider (iss)");
    for (json::value const& aud : {json::value("at-server"), json::value(nullptr)})
        BOOST_TEST(why_not("aud", aud) ==
                   "400 invalid_grant: subject_token is no ID token of the client of this "
                   "provider (aud)");
}

BOOST_AUTO_TEST_CASE(refuses_a_token_at_the_second_in_which_it_ends_and_one_without_an_end) {
    auto const over = "400 invalid_grant: subject_token has expired (exp)";
    BOOST_TEST(why_not("exp", now) == over);
    BOOST_TEST(why_not("exp", now - 1) == over);
    BOOST_TEST(why_not("exp", nullptr) == over);
    BOOST_TEST(why_not("exp", "1800000100") == over);
    auto c = claims();
    c["exp"] = static_cast<double>(now) + 0.5;
    BOOST_TEST(ask_for(std::move(c)).status == 200u);
}

BOOST_AUTO_TEST_CASE(refuses_a_token_that_is_about_nobody) {
    BOOST_TEST(why_not("sub", nullptr) == "400 invalid_grant: subject_token is about nobody (sub)");
}

BOOST_AUTO_TEST_SUITE_END()
