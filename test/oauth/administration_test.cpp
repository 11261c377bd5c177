// What the control plane does to the server (oauth::administration), and how it is configured.
#include "base/crypto.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

oauth::server_options with_client(oauth::configured_client c) {
    oauth::server_options o;
    o.clients.push_back(std::move(c));
    return o;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(administration, authorization_bench)

BOOST_AUTO_TEST_CASE(counts_what_is_alive) {
    auto const id = public_client();
    login(id);
    auto const counts = run(server.count(*web.realm));
    BOOST_REQUIRE(bool(counts));
    BOOST_TEST(counts->access_tokens == 1u);
    BOOST_TEST(counts->clients == 1u);
    BOOST_TEST(counts->refresh_tokens.size() == 1u);
}

BOOST_AUTO_TEST_CASE(names_refresh_tokens_by_pseudonym_and_only_those_alive) {
    auto const id = public_client();
    auto const first = login(id);
    auto const second = token(refresh_request(id, text(first, "refresh_token"))).json();
    auto const counts = run(server.count(*web.realm));
    BOOST_REQUIRE_EQUAL(counts->refresh_tokens.size(), 1u);
    BOOST_TEST(counts->refresh_tokens.at(0) ==
               tollgate::digest_of(text(second, "refresh_token")).substr(0, 8));
}

BOOST_AUTO_TEST_CASE(revokes_access_tokens_and_leaves_refresh_tokens) {
    auto const id = public_client();
    auto const tokens = login(id);
    BOOST_TEST(bool(run(server.revoke_access_tokens(*web.realm))));
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    BOOST_TEST(token(refresh_request(id, text(tokens, "refresh_token"))).status == 200);
}

BOOST_AUTO_TEST_CASE(resets_to_the_configuration_and_keeps_registered_clients) {
    auto const id = public_client();
    auto const tokens = login(id);
    auto const code = code_for(id);
    policy([](auto& p) { p.deny_consent = true; });
    BOOST_TEST(bool(run(server.reset(*web.realm))));
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    BOOST_TEST(refusal(token(refresh_request(id, text(tokens, "refresh_token")))) ==
               "400 invalid_grant");
    BOOST_TEST(refusal(token(code_request(id, code))) == "400 invalid_grant");
    BOOST_TEST(run(server.count(*web.realm))->refresh_tokens.empty());
    login(id);
}

BOOST_AUTO_TEST_CASE(makes_configured_seeds_valid_again_on_reset) {
    oauth::server_options o;
    o.seed_refresh = {"seed"};
    authorization_bench b(std::move(o));
    auto const id = b.public_client();
    b.token(b.refresh_request(id, "seed"));
    BOOST_TEST(refusal(b.token(b.refresh_request(id, "seed"))) == "400 invalid_grant");
    BOOST_TEST(bool(b.run(b.server.reset(*b.web.realm))));
    BOOST_TEST(b.token(b.refresh_request(b.public_client(), "seed")).status == 200);
}

BOOST_AUTO_TEST_CASE(resets_one_realm_and_no_other) {
    auto const tokens = login(public_client());
    http::realm other("other");
    server.open(other);
    BOOST_TEST(bool(run(server.reset(other))));
    BOOST_TEST(bool(run(server.revoke_access_tokens(other))));
    BOOST_TEST(is_active(text(tokens, "access_token")));
}

BOOST_AUTO_TEST_CASE(forgets_a_realm_that_is_closed) {
    auto const id = public_client();
    auto const tokens = login(id);
    BOOST_TEST(bool(run(server.close("default"))));
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    BOOST_TEST(authorize(authorize_request(id)).status == 400);
    BOOST_TEST(bool(run(server.close("never-was"))));
}

BOOST_AUTO_TEST_CASE(gives_every_realm_the_configured_policy_and_its_own_copy) {
    BOOST_TEST(server.configured_policy().dynamic_registration);
    http::realm other("other");
    server.open(other);
    policy([](auto& p) { p.dynamic_registration = false; });
    BOOST_TEST(control().current_policy(other)->dynamic_registration);
    BOOST_TEST(!control().current_policy(*web.realm)->dynamic_registration);
    BOOST_TEST(server.configured_policy().dynamic_registration);
}

BOOST_AUTO_TEST_CASE(refuses_clients_that_contradict_themselves_at_start) {
    oauth::configured_client good;
    good.client_id = "c";
    good.client_secret = "s";
    good.token_endpoint_auth_method = "client_secret_post";
    authorization_bench const fine(with_client(good));
    auto const refused = [&](auto change) {
        auto c = good;
        change(c);
        BOOST_CHECK_THROW(authorization_bench{with_client(c)}, std::invalid_argument);
    };
    refused([](auto& c) { c.client_id.clear(); });
    refused([](auto& c) { c.client_secret.clear(); });
    refused([](auto& c) { c.token_endpoint_auth_method = "none"; });
    refused([](auto& c) { c.token_endpoint_auth_method = "private_key_jwt"; });
    refused([](auto& c) { c.scope = "a  b"; });
    oauth::server_options twice;
    twice.clients = {good, good};
    BOOST_CHECK_THROW(authorization_bench{std::move(twice)}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(counts_configured_clients_too) {
    oauth::configured_client c;
    c.client_id = "c";
    authorization_bench b(with_client(c));
    BOOST_TEST(b.run(b.server.count(*b.web.realm))->clients == 1u);
}

BOOST_AUTO_TEST_CASE(knows_its_own_credential_only) {
    auto const asks = [&](fields headers) {
        return web.post_form("/introspect", {{"token", "x"}}, std::move(headers)).status;
    };
    BOOST_TEST(asks({{"Tollgate-Internal", secret_of_internal}}) == 200u);
    BOOST_TEST(asks({{"Tollgate-Internal", "guess"}}) == 401u);
    BOOST_TEST(asks({{"Tollgate-Internal", ""}}) == 401u);
    BOOST_TEST(asks({}) == 401u);
    BOOST_TEST(asks({{"Tollgate-Internal", secret_of_internal}, {"Tollgate-Internal", "x"}}) ==
               401u);
}

BOOST_AUTO_TEST_SUITE_END()
