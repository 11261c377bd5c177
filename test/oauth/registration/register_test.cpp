// Dynamic client registration (RFC 7591).
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

json::object public_metadata() {
    json::object m;
    m["redirect_uris"] = json::array{callback};
    m["token_endpoint_auth_method"] = "none";
    return m;
}

answer send(authorization_bench& b, json::value const& metadata) {
    return b.web.post_json("/register", json::serialize(metadata));
}

json::value accepted(authorization_bench& b, json::object const& metadata) {
    auto const a = send(b, metadata);
    BOOST_REQUIRE_MESSAGE(a.status == 201, a.body);
    return a.json();
}

// The error and its sentence for metadata in which `name` is `value`.
std::string refused(authorization_bench& b, std::string_view name, json::value value) {
    auto m = public_metadata();
    m[name] = std::move(value);
    auto const a = send(b, m);
    BOOST_TEST(a.status == 400);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    return text(a.json(), "error") + ": " + text(a.json(), "error_description");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration)

// RFC 7591 §3.2: a registration is answered with 201 and application/json.
// RFC 7591 §3.2.1: client_id is there, and with it all metadata that was registered.
BOOST_AUTO_TEST_CASE(answers_201_with_all_that_was_registered_section_3_2_1) {
    authorization_bench b;
    auto m = public_metadata();
    m["grant_types"] = json::array{"authorization_code", "refresh_token"};
    m["response_types"] = json::array{"code"};
    m["client_name"] = "A client";
    m["client_name#ja"] = "\xe3\x82\xa2";
    m["client_uri"] = "https://client.example/";
    m["logo_uri"] = "https://client.example/logo.png";
    m["tos_uri"] = "https://client.example/tos";
    m["policy_uri"] = "https://client.example/policy";
    m["contacts"] = json::array{"a@client.example"};
    m["scope"] = "openid mcp:tools";
    m["software_id"] = "4NRB1-0XZABZI9E6-5SM3R";
    m["software_version"] = "1.0";
    m["application_type"] = "native";
    auto const a = send(b, m);
    BOOST_REQUIRE_EQUAL(a.status, 201);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(a.header("Content-Type") == "application/json");
    auto const told = a.json();
    for (auto const& [name, value] : m) {
        BOOST_TEST(told.as_object().contains(name), name);
        BOOST_TEST((told.at(name) == value), name);
    }
    BOOST_TEST(text(told, "client_id").size() >= 20);
    BOOST_TEST(told.at("client_id_issued_at").as_int64() == 1'800'000'000);
    BOOST_TEST(!told.as_object().contains("client_secret"));
}

// RFC 7591 §5: a name is shown to people, who must be able to see all of it.
BOOST_AUTO_TEST_CASE(takes_what_cannot_be_seen_out_of_names) {
    authorization_bench b;
    auto m = public_metadata();
    m["client_name"] =
        "Good\xe2\x80\xae pp\xe2\x80\x8b"
        "a";
    m["client_name#ja"] = "\xef\xbb\xbf \xe2\x81\xa9";
    auto const told = accepted(b, m);
    BOOST_TEST(text(told, "client_name") == "Good ppa");
    BOOST_TEST(!told.as_object().contains("client_name#ja"));
}

// RFC 7591 §3.2.1: the server may add to what was asked for, and says so.
BOOST_AUTO_TEST_CASE(gives_more_grants_to_who_names_none_where_the_policy_says_so) {
    authorization_bench b;
    b.policy([](auto& p) { p.default_grant_types = {"authorization_code", "refresh_token"}; });
    BOOST_TEST(json::serialize(accepted(b, public_metadata()).at("grant_types")) ==
               R"(["authorization_code","refresh_token"])");
    auto one = public_metadata();
    one["grant_types"] = json::array{"authorization_code"};
    BOOST_TEST(json::serialize(accepted(b, one).at("grant_types")) == R"(["authorization_code"])");
}

// RFC 7591 §2: the defaults are client_secret_basic, authorization_code and code.
// RFC 7591 §3.2.1: client_secret_expires_at is required beside a client_secret.
BOOST_AUTO_TEST_CASE(fills_in_the_defaults_of_section_2) {
    authorization_bench b;
    json::object m;
    m["redirect_uris"] = json::array{callback};
    auto const told = accepted(b, m);
    BOOST_TEST(text(told, "token_endpoint_auth_method") == "client_secret_basic");
    BOOST_TEST(json::serialize(told.at("grant_types")) == R"(["authorization_code"])");
    BOOST_TEST(json::serialize(told.at("response_types")) == R"(["code"])");
    BOOST_TEST(text(told, "client_secret").size() >= 43);
    BOOST_TEST(told.at("client_secret_expires_at").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(lets_the_policy_choose_the_default_method) {
    authorization_bench b;
    b.policy([](auto& p) { p.default_auth_method = "none"; });
    json::object m;
    m["redirect_uris"] = json::array{callback};
    BOOST_TEST(text(accepted(b, m), "token_endpoint_auth_method") == "none");
}

// RFC 7591 §3.2.2: what the policy does not take is invalid_client_metadata
// RFC 7591 §2: a server may have another default than client_secret_basic
BOOST_AUTO_TEST_CASE(registers_public_clients_alone_where_no_other_method_is_taken) {
    authorization_bench b;
    b.policy([](auto& p) {
        p.auth_methods = {"none"};
        p.default_auth_method = "none";
    });
    json::object m;
    m["redirect_uris"] = json::array{callback};
    auto const told = accepted(b, m);
    BOOST_TEST(text(told, "token_endpoint_auth_method") == "none");
    BOOST_TEST(!told.as_object().contains("client_secret"));
    for (auto const* method : {"client_secret_basic", "client_secret_post", "private_key_jwt"}) {
        m["token_endpoint_auth_method"] = method;
        auto const a = b.web.post_json("/register", json::serialize(m));
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(text(a.json(), "error") == "invalid_client_metadata");
        BOOST_TEST(text(a.json(), "error_description") ==
                   "token_endpoint_auth_method must be none");
    }
}

// RFC 7591 §3.2.1: a client_id is not valid for any other client.
BOOST_AUTO_TEST_CASE(gives_every_client_an_id_of_its_own) {
    authorization_bench b;
    BOOST_TEST(b.public_client() != b.public_client());
}

// RFC 7591 §2: the server ignores metadata that it does not understand.
BOOST_AUTO_TEST_CASE(ignores_members_that_it_does_not_know_section_2) {
    authorization_bench b;
    auto m = public_metadata();
    m["frobnicate"] = 1;
    m["grant_types#ja"] = 1;
    auto const told = accepted(b, m);
    BOOST_TEST(!told.as_object().contains("frobnicate"));
    BOOST_TEST(!told.as_object().contains("grant_types#ja"));
}

BOOST_AUTO_TEST_CASE(takes_null_and_empty_strings_for_left_out) {
    authorization_bench b;
    auto m = public_metadata();
    m["client_uri"] = nullptr;
    m["logo_uri"] = "";
    m["scope"] = "";
    auto const told = accepted(b, m);
    for (auto const* name : {"client_uri", "logo_uri", "scope"})
        BOOST_TEST(!told.as_object().contains(name), name);
}

// RFC 7591 §3.2.1: what the server replaced is told with the rest.
BOOST_AUTO_TEST_CASE(leaves_out_grants_and_scopes_that_cannot_be_had_and_says_so) {
    // §2: "the authorization server MAY … replace"; clients list what other servers have.
    authorization_bench b;
    auto m = public_metadata();
    m["grant_types"] =
        json::array{"authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"};
    m["response_types"] = json::array{"code", "token"};
    m["scope"] = "mcp:tools something:else";
    auto const told = accepted(b, m);
    BOOST_TEST(json::serialize(told.at("grant_types")) ==
               R"(["authorization_code","refresh_token"])");
    BOOST_TEST(json::serialize(told.at("response_types")) == R"(["code"])");
    BOOST_TEST(text(told, "scope") == "mcp:tools");
}

// RFC 6749 §3.1.2.2: public clients register their redirect URIs
// RFC 6749 §10.2: who cannot authenticate registers redirect URIs
// RFC 6749 §10.6: public clients are required to register them
// RFC 7591 §3.2.2: 400 invalid_redirect_uri for redirects that are not valid.
// RFC 7591 §5: redirects are https, http on this machine, or of an application.
BOOST_AUTO_TEST_CASE(refuses_redirect_uris_by_their_own_code_section_3_2_2) {
    authorization_bench b;
    for (auto const* uri : {"http://evil.example/cb", "javascript:alert(1)", "/cb",
                            "https://a.example/#f", "not a uri"})
        BOOST_TEST(refused(b, "redirect_uris", json::array{callback, uri})
                       .starts_with("invalid_redirect_uri: "),
                   uri);
    BOOST_TEST(refused(b, "redirect_uris", json::array{}).starts_with("invalid_redirect_uri: "));
    BOOST_TEST(refused(b, "redirect_uris", nullptr).starts_with("invalid_redirect_uri: "));
    json::array many;
    for (int i = 0; i < 51; ++i)
        many.emplace_back("https://a.example/" + std::to_string(i));
    BOOST_TEST(refused(b, "redirect_uris", many).starts_with("invalid_redirect_uri: "));
}

// RFC 9700 §4.11.2: which redirect URIs are trusted is decided
BOOST_AUTO_TEST_CASE(keeps_redirects_to_the_allowed_hosts) {
    authorization_bench b;
    b.policy([](auto& p) { p.redirect_hosts = {"loopback"}; });
    BOOST_TEST(refused(b, "redirect_uris", json::array{"https://a.example/"})
                   .starts_with("invalid_redirect_uri: "));
    BOOST_TEST(send(b, public_metadata()).status == 201);
}

// RFC 7591 §2, §3.2.1: the server may register less than was asked for, and says what it registered
BOOST_AUTO_TEST_CASE(registers_the_redirects_that_are_allowed_and_says_which) {
    authorization_bench b;
    b.policy([](auto& p) { p.redirect_hosts = {"loopback", "vscode.dev"}; });
    auto m = public_metadata();
    m["redirect_uris"] = json::array{"https://insiders.vscode.dev/redirect",
                                     "https://vscode.dev/redirect", "http://127.0.0.1/"};
    auto const told = accepted(b, m);
    BOOST_TEST(json::serialize(told.at("redirect_uris")) ==
               R"(["https://vscode.dev/redirect","http://127.0.0.1/"])");
    auto request = b.authorize_request(text(told, "client_id"));
    auto const left_out = with(request, "redirect_uri", "https://insiders.vscode.dev/redirect");
    BOOST_TEST(b.authorize(left_out).status == 400);
    BOOST_TEST(b.authorize(with(request, "redirect_uri", "https://vscode.dev/redirect")).status ==
               302);
    // What is wrong in itself is not passed over.
    m["redirect_uris"] = json::array{"https://vscode.dev/redirect", "javascript:alert(1)"};
    BOOST_TEST(refusal(send(b, m)) == "400 invalid_redirect_uri");
    m["redirect_uris"] = json::array{"https://vscode.dev/redirect", "https://vscode.dev/#x"};
    BOOST_TEST(refusal(send(b, m)) == "400 invalid_redirect_uri");
}

// The lists that VS Code and Cursor send, under the defaults of broker mode.
BOOST_AUTO_TEST_CASE(registers_both_editors_under_the_hosts_of_a_broker) {
    authorization_bench b;
    b.policy([](auto& p) {
        p.redirect_hosts = {"loopback",        "claude.ai",  "claude.com",
                            "api.smithery.ai", "vscode.dev", "insiders.vscode.dev",
                            "www.cursor.com",  "cursor://"};
    });
    for (auto const& uris :
         {json::array{"https://insiders.vscode.dev/redirect", "https://vscode.dev/redirect",
                      "http://127.0.0.1/", "http://127.0.0.1:33418/"},
          json::array{"cursor://anysphere.cursor-mcp/oauth/callback",
                      "https://www.cursor.com/agents/mcp/oauth/callback",
                      "http://localhost:8787/callback"}}) {
        auto m = public_metadata();
        m["redirect_uris"] = uris;
        BOOST_TEST(json::serialize(accepted(b, m).at("redirect_uris")) == json::serialize(uris));
    }
}

// RFC 7591 §3.2.2: 400 invalid_client_metadata for a member that is not valid.
BOOST_AUTO_TEST_CASE(names_the_member_that_is_of_the_wrong_type) {
    authorization_bench b;
    std::pair<char const*, json::value> const wrong[] = {
        {"redirect_uris", "https://a.example/"},
        {"redirect_uris", json::array{1}},
        {"token_endpoint_auth_method", 1},
        {"grant_types", "authorization_code"},
        {"response_types", json::object()},
        {"client_name", 7},
        {"client_uri", "javascript:alert(1)"},
        {"logo_uri", "nonsense"},
        {"contacts", "a@b.example"},
        {"jwks", "{}"},
        {"scope", json::array{"openid"}},
        {"software_id", false},
        {"application_type", 3},
    };
    for (auto const& [name, value] : wrong) {
        auto const said = refused(b, name, value);
        BOOST_TEST(said.starts_with(std::string("invalid_client_metadata: ") + name), said);
    }
}

// RFC 7591 §2: jwks and jwks_uri are not both there.
// RFC 7591 §2.1: no client registers itself into an inconsistent state.
BOOST_AUTO_TEST_CASE(refuses_metadata_that_contradicts_itself_section_2_1) {
    authorization_bench b;
    auto const is_metadata_error = [&](std::string_view name, json::value v) {
        return refused(b, name, std::move(v)).starts_with("invalid_client_metadata: ");
    };
    BOOST_TEST(is_metadata_error("token_endpoint_auth_method", "private_key_jwt"));
    BOOST_TEST(is_metadata_error("grant_types", json::array{"implicit"}));
    BOOST_TEST(is_metadata_error("response_types", json::array{"token"}));
    BOOST_TEST(is_metadata_error("application_type", "desktop"));
    BOOST_TEST(is_metadata_error("scope", "a  b"));
    BOOST_TEST(is_metadata_error("client_name", json::value(std::string(16 << 10, 'x'))));
    auto m = public_metadata();
    m["grant_types"] = json::array{"refresh_token"};
    m["response_types"] = json::array{"code"};
    BOOST_TEST(refusal(send(b, m)) == "400 invalid_client_metadata");
    m = public_metadata();
    m["jwks"] = json::object();
    m["jwks_uri"] = "https://a.example/jwks";
    BOOST_TEST(refusal(send(b, m)) == "400 invalid_client_metadata");
}

BOOST_AUTO_TEST_CASE(registers_a_client_for_refreshing_alone_without_redirects) {
    authorization_bench b;
    json::object m;
    m["grant_types"] = json::array{"refresh_token"};
    m["token_endpoint_auth_method"] = "none";
    auto const told = accepted(b, m);
    BOOST_TEST(json::serialize(told.at("response_types")) == "[]");
    auto const a = b.authorize(b.authorize_request(text(told, "client_id")));
    BOOST_TEST(a.status == 400);
}

// RFC 7591 §3.2.2: invalid_client_metadata, with a description for a person.
BOOST_AUTO_TEST_CASE(answers_bodies_that_are_no_metadata_with_a_sentence) {
    authorization_bench b;
    for (auto const* body : {"", "{", "[]", "\"x\"", "null"}) {
        auto const a = b.web.post_json("/register", body);
        BOOST_TEST(refusal(a) == "400 invalid_client_metadata", body);
        BOOST_TEST(text(a.json(), "error_description") != "(none)");
    }
    auto const form = b.web.post_form("/register", {{"redirect_uris", callback}});
    BOOST_TEST(refusal(form) == "400 invalid_client_metadata");
}

BOOST_AUTO_TEST_CASE(takes_no_registrations_where_the_policy_says_so) {
    authorization_bench b;
    b.policy([](auto& p) { p.dynamic_registration = false; });
    BOOST_TEST(refusal(send(b, public_metadata())) == "403 access_denied");
}

BOOST_AUTO_TEST_SUITE_END()
