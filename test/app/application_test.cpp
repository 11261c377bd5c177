// The whole program as one object: start, service and end.
#include "app/application.hpp"

#include <signal.h>
#include <unistd.h>
#include <atomic>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "app/serve.hpp"
#include "base/log/log.hpp"
#include "config/config_file.hpp"
#include "http/net/listening.hpp"
#include "support/raw_client.hpp"
#include "support/waiting.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;

namespace {

config configured(strings more = {}) {
    more.insert(more.begin(),
                {"authorization_server.listen=localhost:0", "mcp.listen=localhost:0",
                 "server.log_level=off", "server.workers=1", "server.drain_timeout=3s"});
    return tollgate::test::load({.sets = std::move(more)});
}

// Runs until its end; the log is silent.
class running {
public:
    explicit running(strings more = {}) : app(configured(std::move(more))) {
        set_log(log_level::off, log_format::text);
        app.start();
        thread_ = std::thread([this] {
            app.run();
            ended = true;
        });
    }
    ~running() {
        app.stop();
        thread_.join();
    }
    running(running const&) = delete;
    running& operator=(running const&) = delete;

    unsigned status_of(std::string const& path, std::string const& origin = {}) const {
        auto const port = port_of(origin.empty() ? app.where().issuer : origin);
        ::test::raw_client client(port);
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost:" + std::to_string(port) +
                    "\r\nConnection: close\r\n\r\n");
        return client.read_reply().status;
    }
    std::string mcp_origin() const {
        auto const& mcp = app.where().mcp;
        return mcp.substr(0, mcp.rfind('/'));
    }
    static unsigned short port_of(std::string const& origin) {
        return static_cast<unsigned short>(std::stoi(origin.substr(origin.rfind(':') + 1)));
    }

    application app;
    std::atomic<bool> ended{false};

private:
    std::thread thread_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(app_application)

BOOST_AUTO_TEST_CASE(is_bound_before_it_is_started_and_serves_when_it_runs) {
    application const bound(configured());
    BOOST_TEST(bound.where().issuer.starts_with("http://localhost:"));
    BOOST_TEST(bound.where().mcp.ends_with("/mcp"));
    running r;
    for (auto const& origin : {r.app.where().issuer, r.mcp_origin()})
        for (auto const* path : {"/healthz", "/readyz"})
            BOOST_TEST(r.status_of(path, origin) == 200u, path);
}

BOOST_AUTO_TEST_CASE(gives_its_ports_back_when_it_was_never_run) {
    strings sets;
    {
        application const first(configured());
        auto const& issuer = first.where().issuer;
        sets.push_back("authorization_server.listen=localhost" + issuer.substr(issuer.rfind(':')));
        BOOST_CHECK_THROW(application(configured(sets)), http::cannot_bind);
    }
    BOOST_CHECK_NO_THROW(application(configured(sets)));
}

BOOST_AUTO_TEST_CASE(ends_on_sigterm) {
    running r;
    BOOST_TEST(!r.ended);
    kill(getpid(), SIGTERM);
    BOOST_TEST(::test::eventually([&] { return r.ended.load(); }));
}

BOOST_AUTO_TEST_CASE(goes_on_after_sighup_and_does_what_it_was_told_to_do_then) {
    application app(configured());
    std::atomic<int> heard{0};
    app.on_hangup([&] { ++heard; });
    app.start();
    std::thread running([&] { app.run(); });
    kill(getpid(), SIGHUP);
    BOOST_TEST(::test::eventually([&] { return heard == 1; }));
    kill(getpid(), SIGHUP);
    BOOST_TEST(::test::eventually([&] { return heard == 2; }));
    app.stop();
    running.join();
}

BOOST_AUTO_TEST_CASE(takes_a_new_log_level_over_while_it_runs) {
    running r;
    BOOST_TEST(!log_enabled(log_level::error));
    r.app.reload(configured({"server.log_level=error"}));
    BOOST_TEST(log_enabled(log_level::error));
    BOOST_TEST(!log_enabled(log_level::warning));
    r.app.reload(configured());
    BOOST_TEST(!log_enabled(log_level::error));
    BOOST_TEST(r.status_of("/healthz") == 200u);
}

// control.enabled: "false: there is none"
BOOST_AUTO_TEST_CASE(has_no_control_plane_where_it_is_switched_off) {
    running r({"control.enabled=false"});
    BOOST_TEST(r.app.where().control.empty());
    BOOST_TEST(r.status_of("/control/state") == 404u);
    BOOST_TEST(r.status_of("/control/state", r.mcp_origin()) == 404u);
    BOOST_TEST(r.status_of("/healthz") == 200u);
}

// mcp.test_page: "on unless a public URL is set"
BOOST_AUTO_TEST_CASE(shows_the_test_page_as_it_is_told) {
    struct {
        strings sets;
        unsigned status;
    } const table[] = {
        {{}, 200u},
        {{"mcp.test_page=off"}, 404u},
        {{"mcp.public_url=https://mcp.example"}, 404u},
        {{"mcp.public_url=https://mcp.example", "mcp.test_page=on"}, 200u},
    };
    for (auto const& row : table) {
        running r(row.sets);
        auto const& bound = r.app.where().bound_mcp;
        auto const origin = bound.empty() ? r.mcp_origin() : bound;
        BOOST_TEST(r.status_of("/oauth", origin) == row.status);
    }
}

BOOST_AUTO_TEST_CASE(has_the_transports_that_are_switched_on) {
    running r({"mcp.transports=[\"streamable-http\"]", "mcp.auth=none"});
    BOOST_TEST(r.app.where().sse.empty());
    BOOST_TEST(r.status_of("/sse", r.mcp_origin()) == 404u);
}

// Exit codes of the contract: 2 a configuration that cannot work, 3 it could not bind or start.
BOOST_AUTO_TEST_CASE(what_keeps_it_from_serving_is_an_exit_code) {
    application const first(configured());
    auto const& issuer = first.where().issuer;
    BOOST_TEST(serve(configured({"mcp.listen=localhost" + issuer.substr(issuer.rfind(':'))}), {}) ==
               3);
    tollgate::test::config_folder const folder;
    auto const garbage = folder.write("garbage.pem", "x");
    BOOST_TEST(
        serve(configured({"tls.certificate=" + garbage, "tls.private_key=" + garbage}), {}) == 3);
    BOOST_TEST(serve(configured({"tokens.signing_key=" + garbage}), {}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
