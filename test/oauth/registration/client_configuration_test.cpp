// Management of a registration by its client (RFC 7592).
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct management_bench {
    authorization_bench as;
    json::value told = as.register_client();
    std::string id = text(told, "client_id");
    std::string token = text(told, "registration_access_token");
    std::string path = "/register/" + id;

    static fields bearer(std::string const& secret) {
        return {{"Authorization", "Bearer " + secret}};
    }
    void begin_with(json::object metadata) {
        told = as.register_client(std::move(metadata));
        id = text(told, "client_id");
        token = text(told, "registration_access_token");
        path = "/register/" + id;
    }
    answer read() { return as.web.get(path, bearer(token)); }
    answer update(json::object const& o) { return update(json::serialize(o)); }
    answer update(std::string const& body) {
        auto headers = bearer(token);
        headers.emplace_back("Content-Type", "application/json");
        return as.web.send(http::verb::put, path, body, headers);
    }
    answer remove() { return as.web.send(http::verb::delete_, path, "", bearer(token)); }
    json::object metadata() const {
        json::object o;
        o["client_id"] = id;
        o["redirect_uris"] = json::array{callback};
        o["token_endpoint_auth_method"] = "none";
        return o;
    }
};

std::string challenge_of(answer const& a) {
    return std::string(a.header("WWW-Authenticate"));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_configuration, management_bench)

// RFC 7592 §3: a registration answers with the URL and the token to manage it
BOOST_AUTO_TEST_CASE(a_registration_names_its_own_url_and_token) {
    BOOST_TEST(text(told, "registration_client_uri") == "http://localhost:9100" + path);
    BOOST_TEST(token.size() >= 43u);
    as.web.where.base = "/r/alpha";
    auto const other = as.register_client();
    BOOST_TEST(text(other, "registration_client_uri") ==
               "http://localhost:9100/r/alpha/register/" + text(other, "client_id"));
}

// RFC 7592 §2.1: 200 with all that is registered
// RFC 7592 §3: the answer names registration_client_uri and registration_access_token.
BOOST_AUTO_TEST_CASE(tells_a_client_what_is_registered_for_it) {
    auto const a = read();
    BOOST_REQUIRE_EQUAL(a.status, 200u);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST((a.json() == told));
}

BOOST_AUTO_TEST_CASE(never_tells_a_secret_again_because_it_keeps_none) {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_basic";
    begin_with(m);
    auto const a = read();
    BOOST_TEST(text(told, "client_secret") != "(none)");
    BOOST_TEST(text(a.json(), "client_secret") == "(none)");
    BOOST_TEST(!a.json().as_object().contains("client_secret_expires_at"));
}

// RFC 7592 §2.1: 401 for a token that is missing, wrong or another client's, and for no client
BOOST_AUTO_TEST_CASE(listens_to_nobody_but_the_client_itself) {
    auto const other = text(as.register_client(), "registration_access_token");
    for (auto const method : {http::verb::get, http::verb::put, http::verb::delete_}) {
        auto a = as.web.send(method, path, "", {});
        BOOST_TEST(refusal(a) == "401 invalid_token");
        BOOST_TEST(challenge_of(a) == "Bearer realm=\"registration\"");
        for (auto const& wrong : {std::string("abc"), other, id}) {
            a = as.web.send(method, path, "", bearer(wrong));
            BOOST_TEST(refusal(a) == "401 invalid_token");
            BOOST_TEST(challenge_of(a) == "Bearer realm=\"registration\", error=\"invalid_token\"");
        }
        a = as.web.send(method, "/register/nobody", "", bearer(token));
        BOOST_TEST(refusal(a) == "401 invalid_token");
        a = as.web.send(method, path, "", {{"Authorization", "Basic " + token}});
        BOOST_TEST(a.status == 401u);
    }
    BOOST_TEST(read().status == 200u);
}

// RFC 6750 §2: the token does not stand in the query
BOOST_AUTO_TEST_CASE(refuses_a_token_in_the_query_and_a_malformed_one) {
    BOOST_TEST(as.web.get(path + "?access_token=" + token).status == 400u);
    BOOST_TEST(as.web.get(path, {{"Authorization", "Bearer"}}).status == 400u);
    BOOST_TEST(as.web.get(path, {{"Authorization", "Bearer a b"}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_configured_client_cannot_be_managed) {
    oauth::server_options o;
    oauth::configured_client c;
    c.client_id = "fixed";
    c.redirect_uris = {callback};
    o.clients.push_back(c);
    authorization_bench b(std::move(o));
    for (auto const* secret : {"a", "e3b0c442"})
        BOOST_TEST(b.web.get("/register/fixed", bearer(secret)).status == 401u);
}

// RFC 7592 §2.2: the request replaces the metadata; what it leaves out is gone
BOOST_AUTO_TEST_CASE(replaces_the_metadata_as_a_whole) {
    json::object m;
    m["client_name"] = "Before";
    m["client_uri"] = "https://before.example/";
    begin_with(m);
    auto after = metadata();
    after["client_name"] = "After";
    after["redirect_uris"] = json::array{"https://after.example/cb"};
    auto const a = update(after);
    BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    auto const now = a.json();
    BOOST_TEST(text(now, "client_name") == "After");
    BOOST_TEST(text(now, "client_uri") == "(none)");
    BOOST_TEST(json::serialize(now.at("grant_types")) == R"(["authorization_code"])");
    BOOST_TEST(text(now, "registration_access_token") == token);
    BOOST_TEST((now.at("client_id_issued_at") == told.at("client_id_issued_at")));
    BOOST_TEST((read().json() == now));
    BOOST_TEST(as.authorize(as.authorize_request(id)).status == 400u);
}

// RFC 7592 §2.2: client_id must be there and match
BOOST_AUTO_TEST_CASE(an_update_names_the_client_it_is_about) {
    for (json::value const& wrong : {json::value(nullptr), json::value("other"), json::value(7)}) {
        auto o = metadata();
        o["client_id"] = wrong;
        BOOST_TEST(refusal(update(o)) == "400 invalid_client_metadata");
    }
    auto o = metadata();
    o.erase("client_id");
    BOOST_TEST(refusal(update(o)) == "400 invalid_client_metadata");
}

// RFC 7592 §2.2: four members must not be sent
BOOST_AUTO_TEST_CASE(an_update_holds_nothing_that_only_the_server_says) {
    for (auto const* name : {"registration_access_token", "registration_client_uri",
                             "client_secret_expires_at", "client_id_issued_at"}) {
        auto o = metadata();
        o[name] = told.as_object().contains(name) ? told.at(name) : json::value(0);
        auto const a = update(o);
        BOOST_TEST(refusal(a) == "400 invalid_client_metadata", name);
        BOOST_TEST(text(a.json(), "error_description").find(name) != std::string::npos);
    }
}

// RFC 7592 §2.2: client_secret, if it is sent, must be the current one
BOOST_AUTO_TEST_CASE(an_update_cannot_choose_the_secret) {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_post";
    begin_with(m);
    auto const secret = text(told, "client_secret");
    auto o = metadata();
    o["token_endpoint_auth_method"] = "client_secret_post";
    for (json::value const& wrong : {json::value("mine"), json::value(""), json::value(1)}) {
        o["client_secret"] = wrong;
        BOOST_TEST(refusal(update(o)) == "400 invalid_client_metadata");
    }
    o["client_secret"] = secret;
    auto const a = update(o);
    BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
    BOOST_TEST(text(a.json(), "client_secret") == secret);
    BOOST_TEST(a.json().at("client_secret_expires_at").as_int64() == 0);
    o.erase("client_secret");
    BOOST_TEST(update(o).status == 200u);
    auto const asked = as.token({{"grant_type", "refresh_token"},
                                 {"refresh_token", "x"},
                                 {"client_id", id},
                                 {"client_secret", secret}});
    BOOST_TEST(text(asked.json(), "error") != "invalid_client");
}

BOOST_AUTO_TEST_CASE(a_client_that_changes_its_method_gets_or_loses_a_secret) {
    auto o = metadata();
    o["client_secret"] = "none";
    BOOST_TEST(refusal(update(o)) == "400 invalid_client_metadata");
    o.erase("client_secret");
    o["token_endpoint_auth_method"] = "client_secret_basic";
    auto a = update(o);
    BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
    auto const secret = text(a.json(), "client_secret");
    BOOST_TEST(secret.size() >= 43u);
    BOOST_TEST(refusal(as.token(as.refresh_request(id, "x"))) == "401 invalid_client");
    o["token_endpoint_auth_method"] = "none";
    a = update(o);
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(text(a.json(), "client_secret") == "(none)");
    auto shown = as.refresh_request(id, "x");
    shown.emplace_back("client_secret", secret);
    BOOST_TEST(refusal(as.token(shown)) == "401 invalid_client");
}

// RFC 7591 §3.2.2: an update is held to the rules of a registration, and fails as a whole
BOOST_AUTO_TEST_CASE(an_update_that_is_refused_changes_nothing) {
    auto o = metadata();
    o["redirect_uris"] = json::array{"http://evil.example/"};
    BOOST_TEST(refusal(update(o)) == "400 invalid_redirect_uri");
    for (auto const* body : {"", "{", "[]", "7"})
        BOOST_TEST(refusal(update(body)) == "400 invalid_client_metadata", body);
    BOOST_TEST((read().json() == told));
}

// RFC 7592 §2.3: 204, and the client, its token, its codes and its tokens are gone
// RFC 7592 §2.3: client_id and registration_access_token are no longer valid.
BOOST_AUTO_TEST_CASE(a_deleted_client_is_gone_with_all_that_it_was_granted) {
    auto const tokens = as.login(id);
    auto const code = as.code_for(id);
    auto const other = as.public_client();
    auto const others = as.login(other);
    auto const a = remove();
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.body == "");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(!as.is_active(text(tokens, "access_token")));
    BOOST_TEST(!as.is_active(text(tokens, "refresh_token")));
    BOOST_TEST(refusal(as.token(as.code_request(id, code))) == "401 invalid_client");
    BOOST_TEST(as.authorize(as.authorize_request(id)).status == 400u);
    BOOST_TEST(refusal(read()) == "401 invalid_token");
    BOOST_TEST(refusal(remove()) == "401 invalid_token");
    BOOST_TEST(as.is_active(text(others, "access_token")));
    BOOST_TEST(as.is_active(text(others, "refresh_token")));
}

BOOST_AUTO_TEST_CASE(a_deleted_client_gives_its_place_back_once) {
    auto const& places = as.server.budget().clients;
    as.public_client();
    auto const before = places.in_realm(as.web.realm->id());
    BOOST_TEST(remove().status == 204u);
    BOOST_TEST(remove().status == 401u);
    BOOST_TEST(places.in_realm(as.web.realm->id()) == before - 1);
}

BOOST_AUTO_TEST_CASE(does_not_know_the_client_of_another_realm) {
    auto const was = as.web.realm;
    auto other = std::make_shared<http::realm>("other");
    as.server.open(*other);
    as.web.realm = other;
    BOOST_TEST(refusal(read()) == "401 invalid_token");
    as.web.realm = was;
    BOOST_TEST(read().status == 200u);
}

// RFC 9110 §15.5.6: 405 names the methods that there are
BOOST_AUTO_TEST_CASE(answers_other_methods_with_405) {
    for (auto const method : {http::verb::post, http::verb::patch}) {
        auto const a = as.web.send(method, path, "{}", bearer(token));
        BOOST_TEST(a.status == 405u);
        for (auto const* name : {"GET", "PUT", "DELETE"})
            BOOST_TEST(a.header("Allow").find(name) != std::string_view::npos, name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
