// What a client gets that nobody vouched for: it registered itself, or is what its document says.
#include <algorithm>

#include "base/crypto.hpp"
#include "oauth/broker/broker_bench.hpp"
#include "oauth/grants/assertion_bench.hpp"

using namespace test;

namespace {

std::string const assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
std::string const idp = "https://idp.example";
std::string const others = R"(["authorization_code","refresh_token",)"
                           R"("urn:ietf:params:oauth:grant-type:device_code"])";

json::array every_grant() {
    json::array all;
    for (auto const type : oauth::all_grants)
        all.emplace_back(type);
    return all;
}

// Asks for all that there is.
json::object greedy(std::string const& method) {
    json::object o;
    o["client_name"] = "Stranger";
    o["redirect_uris"] = json::array{callback};
    o["grant_types"] = every_grant();
    o["response_types"] = json::array{"code"};
    o["scope"] = "mcp:tools mcp:admin";
    o["token_endpoint_auth_method"] = method;
    if (method == "private_key_jwt") o["jwks"] = key_set(their_key());
    return o;
}

// A client that came by itself, and how it proves who it is.
struct stranger {
    std::string kind;
    std::string method;
    std::string id;
    std::string secret;

    fields proof(int& made) const {
        if (method == "none") return {{"client_id", id}};
        if (method == "client_secret_post") return {{"client_id", id}, {"client_secret", secret}};
        if (method != "private_key_jwt") return {};
        unsigned_assertion const a(id, id, "id-" + std::to_string(++made));
        return {{"client_assertion_type", assertion_type}, {"client_assertion", a.text()}};
    }
    fields headers() const {
        if (method != "client_secret_basic") return {};
        return basic(tollgate::to_base64(id + ':' + secret));
    }
};

// Walks every way to a token with every kind of such a client.
struct walk {
    authorization_bench& as;
    provider_peer documents;
    int made = 0;

    explicit walk(authorization_bench& b) : as(b) {}

    void enter(std::string const& realm) {
        if (realm != as.web.realm->name()) {
            as.web.realm = std::make_shared<http::realm>(realm);
            as.server.open(*as.web.realm);
        }
        as.policy([](auto& p) {
            p.client_documents = true;
            p.loopback_metadata = true;
            oauth::trusted_issuer from;
            from.issuer = idp;
            from.jwks = key_set(shared_key());
            p.trusted_issuers = {from};
        });
    }
    stranger registered(std::string const& method) {
        auto const a = as.web.post_json("/register", json::serialize(greedy(method)));
        BOOST_REQUIRE_MESSAGE(a.status == 201, a.body);
        return {"registered", method, text(a.json(), "client_id"), text(a.json(), "client_secret")};
    }
    // RFC 7592 §2.2.
    stranger updated() {
        json::object modest;
        modest["grant_types"] = json::array{"authorization_code"};
        auto const told = as.register_client(modest);
        auto wish = greedy("client_secret_basic");
        wish["client_id"] = text(told, "client_id");
        auto const a = as.web.send(
            http::verb::put, "/register/" + text(told, "client_id"), json::serialize(wish),
            {{"Authorization", "Bearer " + text(told, "registration_access_token")},
             {"Content-Type", "application/json"}});
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return {"updated", "client_secret_basic", text(a.json(), "client_id"),
                text(a.json(), "client_secret")};
    }
    stranger documented(std::string const& method) {
        auto o = greedy(method);
        auto const id = documents.url() + '/' + method + ".json";
        o["client_id"] = id;
        documents.answers_json(json::serialize(o));
        return {"documented", method, id, ""};
    }
    answer ask(stranger const& who, std::string const& path, fields more) {
        for (auto& one : who.proof(made))
            more.push_back(std::move(one));
        return as.web.post_form(path, more, who.headers());
    }
    // What it can show for a grant: its own key signs whatever it likes.
    fields parameters(stranger const& who, std::string_view grant) {
        unsigned_assertion forged(idp, "alice", "id-" + std::to_string(++made));
        forged.claims["client_id"] = who.id;
        if (grant == oauth::grant_code) return {{"code", "made-up"}, {"code_verifier", verifier}};
        if (grant == oauth::grant_refresh) return {{"refresh_token", "made-up"}};
        if (grant == oauth::grant_client_credentials) return {{"scope", "mcp:tools"}};
        if (grant == oauth::grant_jwt_bearer) return {{"assertion", forged.text()}};
        if (grant == oauth::grant_device) return {{"device_code", "made-up"}};
        return {{"subject_token", forged.text()},
                {"subject_token_type", "urn:ietf:params:oauth:token-type:id_token"}};
    }
    void try_all(stranger const& who) {
        BOOST_TEST_CONTEXT(who.kind << ' ' << who.method << " in " << as.web.realm->name()) {
            auto const p = as.control().current_policy(*as.web.realm);
            for (std::string_view const grant : oauth::all_grants) {
                auto f = parameters(who, grant);
                f.emplace_back("grant_type", std::string(grant));
                auto const a = ask(who, "/token", f);
                BOOST_TEST(a.status != 200, grant << a.body);
                if (oauth::is_offered(*p, grant) && !oauth::is_registrable(*p, grant))
                    BOOST_TEST(refusal(a) == "400 unauthorized_client", grant << a.body);
            }
            // Not even a question without a person: a page, and no redirect with a code.
            auto const page = as.authorize(as.authorize_request(who.id));
            BOOST_TEST(page.status == 200, page.body << page.header("Location"));
            try_device(who);
        }
    }
    // RFC 8628: the code that it shows is not approved by a link.
    void try_device(stranger const& who) {
        auto const begun = ask(who, "/device_authorization", {{"scope", "mcp:tools"}});
        if (begun.status != 200) return;
        as.web.get("/device?user_code=" + text(begun.json(), "user_code") + "&decision=approve");
        auto const polled = ask(who, "/token",
                                {{"grant_type", std::string(oauth::grant_device)},
                                 {"device_code", text(begun.json(), "device_code")}});
        BOOST_TEST(refusal(polled) == "400 authorization_pending");
    }
    void run() {
        for (auto const* realm : {"default", "s.plain.0123456789abcdefABCDEF"}) {
            enter(realm);
            for (auto const* method :
                 {"none", "client_secret_basic", "client_secret_post", "private_key_jwt"})
                try_all(registered(method));
            try_all(updated());
            for (auto const* method : {"none", "private_key_jwt"})
                try_all(documented(method));
            auto const left = as.run(as.server.count(*as.web.realm));
            BOOST_REQUIRE(bool(left));
            BOOST_TEST(left->access_tokens == 0u);
        }
    }
};

struct builtin {
    http::client client{http::client::options()};
    authorization_bench as;

    explicit builtin(oauth::consent_mode consent) : as(options(client, consent)) {}

    static oauth::server_options options(http::client& c, oauth::consent_mode consent) {
        oauth::server_options o;
        o.outbound = &c;
        o.configured.consent = consent;
        return o;
    }
};

struct known : authorization_bench {
    known() : authorization_bench(options()) {}

    static oauth::server_options options() {
        oauth::server_options o;
        oauth::configured_client machine;
        machine.client_id = "machine";
        machine.client_secret = "a-secret-of-the-configuration";
        machine.grant_types = {"client_credentials"};
        o.clients = {machine};
        return o;
    }
    std::string grants_of(json::value const& told) {
        return json::serialize(told.at("grant_types"));
    }
    answer credentials(std::string const& id, std::string const& secret) {
        return token({{"grant_type", "client_credentials"}},
                     basic(tollgate::to_base64(id + ':' + secret)));
    }
    std::string advertised() {
        auto const d = web.get("/.well-known/oauth-authorization-server").json();
        return json::serialize(d.at("grant_types_supported"));
    }
};

json::object confidential() {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_basic";
    m["grant_types"] = json::array{"authorization_code", "client_credentials"};
    return m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stranger_grants)

// RFC 6749 §4.4: under the client's own authority, which somebody must have given it
// RFC 7591 §5: the server decides what a client that registers itself may have
BOOST_AUTO_TEST_CASE(no_way_leads_around_the_consent_page) {
    builtin b(oauth::consent_mode::page);
    walk(b.as).run();
}

BOOST_AUTO_TEST_CASE(no_way_leads_around_the_login_page) {
    builtin b(oauth::consent_mode::login);
    walk(b.as).run();
}

BOOST_AUTO_TEST_CASE(no_way_leads_around_the_provider_of_a_broker) {
    broker_bench b;
    b.policy([](auto& p) { std::erase(p.grant_types, oauth::grant_device); });
    walk(b).run();
}

// RFC 7591 §3.2.1: the server replaces what it does not give, and says what is registered.
BOOST_FIXTURE_TEST_CASE(a_registration_gets_what_is_left_of_its_wishes, known) {
    auto all = greedy("client_secret_basic");
    BOOST_TEST(grants_of(register_client(all)) == others);
    auto const told = register_client(confidential());
    BOOST_TEST(grants_of(told) == R"(["authorization_code"])");
    auto const a = credentials(text(told, "client_id"), text(told, "client_secret"));
    BOOST_TEST(refusal(a) == "400 unauthorized_client");
    auto const why = text(a.json(), "error_description");
    BOOST_TEST(why.find("registration.grant_types") != why.npos, why);
    BOOST_TEST(why.find("[[clients]]") != why.npos, why);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
}

// RFC 7591 §3.2.2: invalid_client_metadata
BOOST_FIXTURE_TEST_CASE(a_registration_of_which_nothing_is_left_is_refused, known) {
    auto const machine = std::string(oauth::grant_client_credentials);
    auto const exchange = std::string(oauth::grant_token_exchange);
    for (auto const& grant : {machine, exchange}) {
        json::object m;
        m["token_endpoint_auth_method"] = "client_secret_basic";
        m["grant_types"] = json::array{json::value(grant)};
        auto const a = web.post_json("/register", json::serialize(m));
        BOOST_TEST(refusal(a) == "400 invalid_client_metadata");
        auto const why = text(a.json(), "error_description");
        BOOST_TEST(why.find("registration.grant_types") != why.npos, why);
    }
}

BOOST_FIXTURE_TEST_CASE(the_key_gives_strangers_more, known) {
    policy([](auto& p) { p.registration_grant_types.emplace_back("client_credentials"); });
    auto const told = register_client(confidential());
    BOOST_TEST(grants_of(told) == R"(["authorization_code","client_credentials"])");
    BOOST_TEST(credentials(text(told, "client_id"), text(told, "client_secret")).status == 200);
}

// RFC 6749 §5.2: unauthorized_client, whatever was so when it registered.
BOOST_FIXTURE_TEST_CASE(a_policy_that_changes_takes_the_grant_from_old_registrations, known) {
    policy([](auto& p) { p.registration_grant_types.emplace_back("client_credentials"); });
    auto const told = register_client(confidential());
    policy([](auto& p) { p.registration_grant_types = {"refresh_token"}; });
    auto const id = text(told, "client_id");
    BOOST_TEST(refusal(credentials(id, text(told, "client_secret"))) == "400 unauthorized_client");
    BOOST_TEST(authorize(authorize_request(id)).status == 302);
    BOOST_TEST(parameter(authorize(authorize_request(id)), "error") == "unauthorized_client");
    // RFC 7592 §2.1: and it is told so.
    auto const now =
        web.get("/register/" + id,
                {{"Authorization", "Bearer " + text(told, "registration_access_token")}});
    BOOST_TEST(grants_of(now.json()) == "[]");
    BOOST_TEST(json::serialize(now.json().at("response_types")) == "[]");
}

BOOST_FIXTURE_TEST_CASE(a_client_of_the_configuration_keeps_all_its_grants, known) {
    policy([](auto& p) { p.registration_grant_types = {"refresh_token"}; });
    BOOST_TEST(credentials("machine", "a-secret-of-the-configuration").status == 200);
}

// RFC 8628 §3.1: the device authorization endpoint says the same.
BOOST_FIXTURE_TEST_CASE(a_device_that_may_not_have_the_grant_is_told_so, known) {
    auto const id = text(register_client(greedy("none")), "client_id");
    policy([](auto& p) { p.registration_grant_types = {"authorization_code"}; });
    auto const a = web.post_form("/device_authorization", {{"client_id", id}});
    BOOST_TEST(refusal(a) == "400 unauthorized_client");
    auto const why = text(a.json(), "error_description");
    BOOST_TEST(why.find("registration.grant_types") != why.npos, why);
}

// RFC 8414 §2: grant_types_supported are those that some client can use
BOOST_FIXTURE_TEST_CASE(metadata_name_the_grants_that_somebody_can_have, known) {
    BOOST_TEST(advertised() == R"(["authorization_code","refresh_token","client_credentials",)"
                               R"("urn:ietf:params:oauth:grant-type:device_code"])");
    policy([](auto& p) { p.configured_grant_types.clear(); });
    BOOST_TEST(advertised() == others);
    policy([](auto& p) {
        p.registration_grant_types = {"refresh_token", std::string(oauth::grant_token_exchange)};
    });
    BOOST_TEST(advertised() == R"(["authorization_code","refresh_token",)"
                               R"("urn:ietf:params:oauth:grant-type:token-exchange"])");
    auto const d = web.get("/.well-known/oauth-authorization-server").json();
    BOOST_TEST(!d.as_object().contains("device_authorization_endpoint"));
    // RFC 6749 §4.4: of no use to clients that cannot authenticate.
    policy([](auto& p) { p.auth_methods = {"none"}; });
    BOOST_TEST(advertised() == R"(["authorization_code","refresh_token"])");
    policy([](auto& p) { p.grant_types = {"client_credentials"}; });
    BOOST_TEST(advertised() == R"(["client_credentials"])");  // RFC 8414 §3.2: never an empty list
}

// RFC 7523 §2.1, RFC 7521 §4.1: a workload needs no client, an identity assertion does.
BOOST_FIXTURE_TEST_CASE(metadata_name_assertions_where_somebody_can_present_them, known) {
    std::string const name(oauth::grant_jwt_bearer);
    auto const offers = [&] { return advertised().find(name) != std::string::npos; };
    BOOST_TEST(!offers());
    policy([](auto& p) {
        p.trusted_issuers.emplace_back();
        p.trusted_issuers[0].issuer = idp;
    });
    BOOST_TEST(offers());
    policy([](auto& p) { p.trusted_issuers[0].workloads = false; });
    BOOST_TEST(!offers());
    policy([&](auto& p) { p.configured_grant_types.push_back(name); });
    BOOST_TEST(offers());
}

// RFC 7521 §4.1: what a trusted issuer signed for a workload is the grant of the configuration
BOOST_FIXTURE_TEST_CASE(a_workload_without_a_client_keeps_its_grant, known) {
    policy([](auto& p) {
        oauth::trusted_issuer from;
        from.issuer = idp;
        from.jwks = key_set(their_key());
        p.trusted_issuers = {from};
    });
    unsigned_assertion const build(idp, "build-7", "id-1");
    fields f{{"grant_type", std::string(oauth::grant_jwt_bearer)}, {"assertion", build.text()}};
    BOOST_TEST(token(f).status == 200);
    // As a client that registered itself it has no such grant.
    unsigned_assertion const again(idp, "build-7", "id-2");
    f[1].second = again.text();
    f.emplace_back("client_id", public_client());
    BOOST_TEST(refusal(token(f)) == "400 unauthorized_client");
}

BOOST_AUTO_TEST_SUITE_END()
