// With store.backend = "redis" what was acknowledged outlives the process.
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/folder.hpp"
#include "support/redis_server.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;

struct with_redis {
    redis_server redis;
    folder files;

    std::vector<std::string> sets(std::vector<std::string> more = {}) const {
        std::vector<std::string> all{"store.backend=redis", "store.url=" + redis.url(),
                                     "store.timeout=1s",
                                     "store.key_file=" + (files.path() / "tollgate.key").string()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    // On the ports of the one before, so that issuer and resource are the same.
    static std::vector<std::string> at(program const& p) {
        auto const port = [](std::string const& url) { return url.substr(url.rfind(':') + 1); };
        return {"authorization_server.listen=localhost:" + port(p.issuer()),
                "mcp.listen=localhost:" + port(p.mcp_origin())};
    }
};

BOOST_FIXTURE_TEST_SUITE(redis_flow, with_redis)

BOOST_AUTO_TEST_CASE(a_login_goes_on_after_a_restart) {
    auto first = std::make_unique<program>(sets());
    login client(first->mcp());
    auto const used = client.now.refresh;
    client.refresh();
    auto const there = at(*first);
    first.reset();
    program const second(sets(there));
    BOOST_TEST(post_json(second.mcp(), initialize_body(), bearer(client.now.access)).status ==
               200u);
    client.refresh();
    BOOST_TEST(post_json(second.mcp(), initialize_body(), bearer(client.now.access)).status ==
               200u);
    // A refresh token that was used before the restart is still a used one.
    BOOST_TEST(client.try_refresh(used).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_second_program_that_is_configured_otherwise_is_refused_with_a_sentence) {
    program const first(sets());
    auto const other = sets({"control.token=another-token-of-it"});
    BOOST_CHECK_EXCEPTION(std::make_unique<program>(other), std::runtime_error, [](auto const& e) {
        return std::string(e.what()).find("configured otherwise: control.token") !=
               std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_server_that_is_gone_is_a_503_until_it_is_back) {
    program const p(sets());
    login client(p.mcp());
    BOOST_TEST(get(p.issuer() + "/readyz").status == 200u);
    redis.kill();
    auto const answer = post_json(p.mcp(), initialize_body(), bearer(client.now.access));
    BOOST_TEST(answer.status == 503u);
    BOOST_TEST(!answer.header("Retry-After").empty());
    BOOST_TEST(answer.header("WWW-Authenticate").empty());
    auto const refused = client.try_refresh(client.now.refresh);
    BOOST_TEST(refused.status == 503u);
    BOOST_TEST(!refused.header("Retry-After").empty());
    BOOST_TEST(text_of(json_of(refused), "error") == "temporarily_unavailable");
    auto const ready = get(p.issuer() + "/readyz");
    BOOST_TEST(ready.status == 503u);
    BOOST_TEST(ready.body == "the store does not answer\n");
    BOOST_TEST(get(p.issuer() + "/healthz").status == 200u);
    redis.begin();
    BOOST_TEST(eventually([&] { return get(p.issuer() + "/readyz").status == 200u; }));
    client.refresh();
    BOOST_TEST(post_json(p.mcp(), initialize_body(), bearer(client.now.access)).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
