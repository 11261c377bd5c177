// What a realm can do by its policy, what clients are by their records, and how both are named.
#include "oauth/model/supported.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/model/pkce.hpp"
#include "oauth/model/provider_options.hpp"
#include "oauth/model/records.hpp"
#include "oauth/model/redirect_uri.hpp"
#include "oauth/model/user_claims.hpp"

using namespace tollgate::oauth;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

std::string const secrets_and_devices =
    "authorization_code refresh_token client_credentials "
    "urn:ietf:params:oauth:grant-type:token-exchange urn:ietf:params:oauth:grant-type:device_code";
std::string const for_anybody =
    "authorization_code refresh_token urn:ietf:params:oauth:grant-type:device_code";

std::string joined(std::vector<std::string_view> const& names) {
    std::string all;
    for (auto const name : names)
        all.append(all.empty() ? "" : " ").append(name);
    return all;
}

policy trusting(bool workloads) {
    policy p;
    trusted_issuer i;
    i.workloads = workloads;
    p.trusted_issuers = {i};
    return p;
}

json::object asking_for(json::value algorithm) {
    json::object o;
    o["id_token_signed_response_alg"] = std::move(algorithm);
    return o;
}

client from_document(std::vector<std::string> redirects) {
    client c;
    c.from_document = true;
    c.redirect_uris = std::move(redirects);
    return c;
}

std::string shown_name(json::value name) {
    client c;
    c.metadata["client_name"] = std::move(name);
    return c.shown_name();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(supported_grants)

BOOST_AUTO_TEST_CASE(are_those_of_the_policy_in_the_order_of_the_table) {
    policy p;
    p.grant_types = {"refresh_token", "no_such_grant", "authorization_code"};
    BOOST_TEST(joined(offered_grants(p)) == "authorization_code refresh_token");
    p.grant_types = {};
    BOOST_TEST(joined(offered_grants(p)) == "");
}

// RFC 7523 §3: an assertion is of use where somebody's are trusted
BOOST_AUTO_TEST_CASE(have_assertions_among_them_only_where_an_issuer_is_trusted) {
    BOOST_TEST(joined(offered_grants(policy())) == secrets_and_devices);
    BOOST_TEST(!is_offered(policy(), grant_jwt_bearer));
    BOOST_TEST(is_offered(trusting(true), grant_jwt_bearer));
    auto none = trusting(true);
    none.grant_types = {"authorization_code"};
    BOOST_TEST(!is_offered(none, grant_jwt_bearer));
}

BOOST_AUTO_TEST_CASE(are_compared_with_case) {
    BOOST_TEST(!is_offered(policy(), "Authorization_Code"));
    BOOST_TEST(!is_offered(policy(), ""));
}

BOOST_AUTO_TEST_CASE(can_be_registered_for_where_both_lists_have_them) {
    policy p;
    BOOST_TEST(joined(registrable_grants(p)) == for_anybody);
    p.registration_grant_types = {"client_credentials", "refresh_token"};
    BOOST_TEST(joined(registrable_grants(p)) == "refresh_token client_credentials");
    p.grant_types = {"refresh_token"};
    BOOST_TEST(joined(registrable_grants(p)) == "refresh_token");
    p.registration_grant_types = {"urn:ietf:params:oauth:grant-type:jwt-bearer"};
    BOOST_TEST(joined(registrable_grants(p)) == "");
}

// RFC 6749 §4.4: client credentials are for confidential clients alone
BOOST_AUTO_TEST_CASE(need_a_secret_where_the_client_alone_is_who_asks) {
    std::string needing;
    for (auto const type : all_grants)
        if (needs_confidential_client(type)) needing += std::string(type) + ' ';
    BOOST_TEST(needing == "client_credentials urn:ietf:params:oauth:grant-type:token-exchange ");
}

BOOST_AUTO_TEST_CASE(are_named_where_somebody_can_use_them) {
    policy p;
    BOOST_TEST(joined(usable_grants(p)) == for_anybody);
    p.configured_grant_types = {"client_credentials"};
    BOOST_TEST(is_usable(p, grant_client_credentials));
    BOOST_TEST(!is_usable(p, grant_token_exchange));
}

BOOST_AUTO_TEST_CASE(of_confidential_clients_are_of_no_use_where_nobody_can_authenticate) {
    policy p;
    p.registration_grant_types = {"client_credentials"};
    BOOST_TEST(is_usable(p, grant_client_credentials));
    p.auth_methods = {"none"};
    BOOST_TEST(!is_usable(p, grant_client_credentials));
    p.auth_methods = {"none", "private_key_jwt"};
    BOOST_TEST(is_usable(p, grant_client_credentials));
}

BOOST_AUTO_TEST_CASE(of_strangers_are_of_no_use_where_no_stranger_can_come) {
    policy p;
    p.dynamic_registration = false;
    BOOST_TEST(is_usable(p, grant_device));  // by a document
    p.client_documents = false;
    BOOST_TEST(!is_usable(p, grant_device));
    p.configured_grant_types = {std::string(grant_device)};
    BOOST_TEST(is_usable(p, grant_device));
}

// RFC 7521 §4.1: with an assertion nobody needs to be a client
BOOST_AUTO_TEST_CASE(of_workloads_are_of_use_without_any_client) {
    auto p = trusting(true);
    p.dynamic_registration = false;
    p.client_documents = false;
    BOOST_TEST(is_usable(p, grant_jwt_bearer));
    p.trusted_issuers[0].workloads = false;
    BOOST_TEST(!is_usable(p, grant_jwt_bearer));
    p.configured_grant_types = {std::string(grant_jwt_bearer)};
    BOOST_TEST(is_usable(p, grant_jwt_bearer));
}

// RFC 8414 §2: grant_types_supported that is left out means authorization_code and implicit
BOOST_AUTO_TEST_CASE(are_never_an_empty_list_where_any_is_offered) {
    policy p;
    p.grant_types = {"client_credentials"};
    p.registration_grant_types = {};
    BOOST_TEST(!is_usable(p, grant_client_credentials));
    BOOST_TEST(joined(usable_grants(p)) == "client_credentials");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(id_token_algorithm_suite)

// OpenID Connect Discovery §3: RS256 must be among the algorithms of id_tokens
BOOST_AUTO_TEST_CASE(is_rs256_and_what_signs_access_tokens_unless_that_is_a_secret) {
    policy p;
    for (auto const& [alg, many] : {std::pair(jws_algorithm::rs256, 1u),
                                    {jws_algorithm::hs256, 1u},
                                    {jws_algorithm::es256, 2u},
                                    {jws_algorithm::eddsa, 2u}}) {
        p.signing_alg = alg;
        auto const all = id_token_algorithms(p);
        BOOST_TEST(all.size() == many);
        BOOST_TEST((all.front() == jws_algorithm::rs256));
    }
}

// OpenID Connect Registration §2: id_token_signed_response_alg, RS256 where there is none
BOOST_AUTO_TEST_CASE(is_what_the_client_registered_where_the_realm_has_it) {
    policy p;
    p.signing_alg = jws_algorithm::eddsa;
    auto const chosen = [&](json::object const& metadata) {
        return std::string(to_text(id_token_algorithm(p, metadata)));
    };
    BOOST_TEST(chosen(asking_for("EdDSA")) == "EdDSA");
    BOOST_TEST(chosen(asking_for("Ed25519")) == "EdDSA");
    BOOST_TEST(chosen(asking_for("RS256")) == "RS256");
    for (json::value const& other :
         {json::value("ES256"), json::value("HS256"), json::value("none"), json::value("eddsa"),
          json::value(""), json::value(7)})
        BOOST_TEST(chosen(asking_for(other)) == "RS256", json::serialize(other));
    BOOST_TEST(chosen({}) == "RS256");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(told_values_suite)

BOOST_AUTO_TEST_CASE(are_printable_and_hold_no_quote_and_no_backslash) {
    BOOST_TEST(errors::told_value("a\"b\\c\n\xc3\xa9") == "a'b'c???");
    BOOST_TEST(errors::told_value("") == "");
}

BOOST_AUTO_TEST_CASE(are_cut_at_their_limit_and_not_before) {
    BOOST_TEST(errors::told_value("abc", 3) == "abc");
    BOOST_TEST(errors::told_value("abcd", 3) == "abc...");
    BOOST_TEST(errors::told_value(std::string(201, 'x')).size() == 203u);
}

BOOST_AUTO_TEST_CASE(are_counted_and_the_rest_is_dots) {
    BOOST_TEST(errors::told_values({}) == "");
    BOOST_TEST(errors::told_values({"a"}) == "a");
    BOOST_TEST(errors::told_values({"a", "b"}, "; ", 2) == "a; b");
    BOOST_TEST(errors::told_values({"a", "b", "c"}, "; ", 2) == "a; b; ...");
}

BOOST_AUTO_TEST_CASE(of_a_problem_are_in_the_log_where_nothing_else_is) {
    auto const plain = errors::invalid_grant.because("it is over");
    BOOST_TEST(errors::explained(plain).log_text() == "it is over");
    BOOST_TEST(errors::explained(plain.log("family f")).log_text() == "family f");
    BOOST_TEST(errors::invalid_grant.log_text() == "");  // the prototype stays as it is
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(model_edges)

// RFC 7636 §4.1: 43*128unreserved
BOOST_AUTO_TEST_CASE(takes_pkce_texts_of_43_to_128_unreserved_characters) {
    for (std::size_t const good : {43u, 44u, 128u})
        BOOST_TEST(is_pkce_text(std::string(good, 'a')), good);
    for (std::size_t const wrong : {0u, 42u, 129u})
        BOOST_TEST(!is_pkce_text(std::string(wrong, 'a')), wrong);
    for (char const c : std::string("-._~09azAZ"))
        BOOST_TEST(is_pkce_text(std::string(42, 'a') + c), c);
    for (char const c : std::string("+/= %@[`{\x7f\xc3\0", 12))
        BOOST_TEST(!is_pkce_text(std::string(42, 'a') + c), c);
}

// RFC 7636 §4.2: a challenge is the base64url encoding of 32 bytes
BOOST_AUTO_TEST_CASE(takes_for_a_challenge_nothing_that_is_no_digest) {
    BOOST_TEST(is_s256_challenge(tollgate::digest_of("x")));
    BOOST_TEST(is_s256_challenge(std::string(43, '_')));
    for (auto const& wrong :
         {std::string(44, 'a'), std::string(42, 'a'), std::string(42, 'a') + '.',
          '~' + std::string(42, 'a'), std::string(42, 'a') + '='})
        BOOST_TEST(!is_s256_challenge(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(knows_of_a_provider_by_any_address_and_by_no_client_alone) {
    provider_options o;
    o.client_id = "us";
    o.client_secret = "secret";
    BOOST_TEST(!o.configured());
    for (auto const address :
         {&provider_options::issuer, &provider_options::authorization_endpoint,
          &provider_options::token_endpoint, &provider_options::userinfo_endpoint,
          &provider_options::introspection_endpoint, &provider_options::jwks_uri}) {
        provider_options one;
        one.*address = "https://p.example";
        BOOST_TEST(one.configured());
    }
}

// RFC 8252 §8.6: any program on the machine can listen on loopback
BOOST_AUTO_TEST_CASE(says_of_a_document_with_loopback_alone_that_anybody_can_pose_as_it) {
    BOOST_TEST(from_document({"http://localhost/cb", "http://[::1]:7/"}).can_be_impersonated());
    BOOST_TEST(!from_document({"http://localhost/cb", "https://a.example/"}).can_be_impersonated());
    BOOST_TEST(!from_document({"https://localhost/cb"}).can_be_impersonated());
    auto registered = from_document({"http://localhost/cb"});
    registered.from_document = false;
    BOOST_TEST(!registered.can_be_impersonated());
}

BOOST_AUTO_TEST_CASE(shows_the_name_of_a_client_without_what_cannot_be_seen) {
    BOOST_TEST(shown_name("Good Client") == "Good Client");
    BOOST_TEST(shown_name("Go\xe2\x80\xaeod") == "Good");  // right-to-left override
    BOOST_TEST(shown_name(7) == "");
    BOOST_TEST(client().shown_name() == "");
}

// RFC 6749 §2.1: a public client has nothing to prove itself with
BOOST_AUTO_TEST_CASE(takes_a_client_with_keys_or_a_secret_for_a_confidential_one) {
    client c;
    BOOST_TEST(c.is_public());
    c.auth_method = "private_key_jwt";
    BOOST_TEST(!c.is_public());
    BOOST_TEST(!c.has_secret());
    c.auth_method = "client_secret_post";
    c.secret_digest = "d";
    BOOST_TEST(!c.is_public());
    BOOST_TEST(c.has_secret());
}

BOOST_AUTO_TEST_CASE(names_the_groups_of_a_grant_once_each) {
    grant g;
    BOOST_TEST(g.other_groups().empty());
    g.family = "f";
    g.client_id = "c";
    BOOST_TEST(g.other_groups().at(0) == "client:c");
    BOOST_TEST(g.login() == "f");
    g.ancestors = {"login", "client:c", "jti"};
    BOOST_TEST(g.other_groups() == g.ancestors, boost::test_tools::per_element());
    BOOST_TEST(g.login() == "login");
}

BOOST_AUTO_TEST_CASE(keeps_a_device_authorization_whole_to_the_millisecond) {
    device_authorization d;
    d.user_code = "WDJBMJHT";
    d.decided = device_authorization::decision::denied;
    d.expires_at = tollgate::time_point(1'800'000'000'123ms);
    d.interval = 250ms;
    auto const back = device_from(to_body(d));
    BOOST_REQUIRE(bool(back));
    BOOST_TEST((back->decided == device_authorization::decision::denied));
    BOOST_TEST((back->expires_at == d.expires_at));
    BOOST_TEST((back->interval == 250ms));
    BOOST_TEST(!back->polled_at.has_value());
    d.polled_at = d.expires_at - 1ms;
    BOOST_TEST((device_from(to_body(d))->polled_at == d.polled_at));
}

// 3 is no decision: a damaged store must not look like a person who agreed.
BOOST_AUTO_TEST_CASE(takes_no_device_for_decided_by_a_number_that_is_no_decision) {
    auto body = to_body(device_authorization());
    auto const at = body.find("\"decided\":0");
    BOOST_REQUIRE(at != std::string::npos);
    for (auto const* wrong : {"3", "-1", "256", "257"}) {
        auto damaged = body;
        damaged.replace(at + 10, 1, wrong);
        auto const back = device_from(damaged);
        BOOST_REQUIRE_MESSAGE(!back, wrong);
        BOOST_TEST(back.error().error() == "server_error");
    }
}

BOOST_AUTO_TEST_CASE(keeps_of_a_code_and_a_client_what_is_seldom_so) {
    authorization_code c;
    c.spoiled = true;
    c.grant.brokered = true;
    c.grant.key = "thumbprint";
    auto const code = code_from(to_body(c));
    BOOST_TEST(code->spoiled);
    BOOST_TEST(code->grant.brokered);
    BOOST_TEST(code->grant.key == "thumbprint");
    client registered;
    registered.unused = true;
    registered.issued_at = 7;
    registered.registration_digest = "digest";
    registered.metadata["token_endpoint_auth_method"] = "none";
    registered.metadata["grant_types"] = json::array();
    auto const back = client_from(to_body(registered));
    BOOST_TEST(back->unused);
    BOOST_TEST(back->issued_at == 7);
    BOOST_TEST(back->registration_digest == "digest");
    BOOST_TEST(back->redirect_uris.empty());
}

// OpenID Connect Registration §2: a web client redirects to https, and never to this machine
BOOST_AUTO_TEST_CASE(lets_a_web_client_redirect_to_https_elsewhere_alone) {
    BOOST_TEST(bool(check_application_type("https://app.example/cb", "web")));
    for (auto const* uri :
         {"http://localhost/cb", "https://localhost/cb", "https://127.0.0.1/cb",
          "https://127.0.0.2/cb", "https://app.localhost/cb", "https://[::1]/cb", "cursor://x/y"}) {
        auto const checked = check_application_type(uri, "web");
        BOOST_REQUIRE_MESSAGE(!checked, uri);
        BOOST_TEST(checked.error().error() == "invalid_redirect_uri");
        BOOST_TEST(bool(check_application_type(uri, "native")), uri);
    }
}

BOOST_AUTO_TEST_CASE(adds_claims_beside_those_that_are_there_and_in_no_ones_place) {
    policy p;
    json::object claims;
    claims["email"] = "ada@example.org";
    claims["team"] = "a";
    p.users = {user{"ada", claims}};
    json::object o;
    o["team"] = "mine";
    add_user_claims(o, p, "ada", {"email"});
    BOOST_TEST(json::serialize(o) == R"({"team":"mine","email":"ada@example.org"})");
    add_user_claims(o, p, "eve", {"email"});
    BOOST_TEST(o.size() == 2u);
}

// RFC 9449 §6.1: cnf with jkt
BOOST_AUTO_TEST_CASE(confirms_a_key_where_there_is_one) {
    json::object o;
    add_confirmation(o, "");
    BOOST_TEST(o.empty());
    add_confirmation(o, "thumbprint");
    BOOST_TEST(json::serialize(o) == R"({"cnf":{"jkt":"thumbprint"}})");
}

BOOST_AUTO_TEST_SUITE_END()
