#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/serve.hpp"
#include "app/translate.hpp"
#include "base/log/log.hpp"
#include "config/values/formats.hpp"
#include "http/client/client.hpp"
#include "http/message/url.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/pipeline/request_log.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/server/realm_state.hpp"
#include "mcp/server/server.hpp"
#include "mcp/transport/stdio/stdio.hpp"
#include "oauth/bearer/guard.hpp"
#include "oauth/bearer/local_validator.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/server/server.hpp"
#include "oauth/upstream/provider.hpp"
#include "store/store.hpp"

namespace tollgate {

namespace {

namespace asio = boost::asio;

// Where a `tollgate serve` with the same configuration would be.
std::string origin_of(config const& c, std::string const& public_url, std::string const& listen,
                      bool internal) {
    if (!internal && !public_url.empty()) return public_url;
    auto const address = settings::parse_address(listen);
    auto host = address->host;
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "[::]") host = "[::1]";
    if (internal && host == "localhost") host = "127.0.0.1";
    return http::make_origin(!c.tls.certificate.empty(), host, address->port);
}

http::place place_of(config const& c, http::realm_ptr realm) {
    auto const& as = c.authorization_server;
    http::place p;
    p.realm = std::move(realm);
    p.as_origin = origin_of(c, as.public_url, as.listen, false);
    p.mcp_origin = origin_of(c, c.mcp_server.public_url, c.mcp_server.listen, false);
    p.at = http::site::mcp_server;
    p.paths = origin_names(c).paths;
    p.internal_issuer = origin_of(c, {}, as.listen, true);
    return p;
}

mcp::policy policy_of(config const& c) {
    auto p = mcp_policy(c);
    p.transports = {"streamable-http"};
    p.sessions = mcp::session_mode::stateful;
    return p;
}

// Configurations that can never let anybody in; empty when this one can.
std::string flaw_of(config const& c) {
    auto const& v = c.validation;
    if (c.mcp.auth == mcp::auth_mode::none || !v.endpoint.empty() || c.has_foreign_tokens())
        return {};
    if (c.oauth.validation == oauth::strategy::local) {
        return "validation.strategy: \"local\" looks tokens up in the process that issued them, "
               "and "
               "this one issues none; use \"introspection\", \"userinfo\" or \"jwt\"";
    }
    if (settings::parse_address(c.authorization_server.listen)->port == 0) {
        return "authorization_server.listen: has no port, so that nobody can be asked about the "
               "token; name one, or validation.endpoint";
    }
    bool const symmetric = c.oauth.signing_alg == oauth::jws_algorithm::hs256;
    if (c.oauth.validation == oauth::strategy::jwt && symmetric && c.tokens.hs256_secret.empty())
        return "tokens.hs256_secret: is empty, so that the server has a secret that this process "
               "cannot know; set it for both, or use \"introspection\" or \"userinfo\"";
    return {};
}

// What to change when the token was refused; empty where nobody can tell.
std::string hint_for(config const& c, std::string_view why) {
    auto const& v = c.validation;
    if (c.oauth.validation == oauth::strategy::userinfo && why.starts_with("insufficient_scope"))
        return "\ntollgate stdio: userinfo answers only to tokens with the scope openid";
    if (c.has_foreign_tokens()) return {};
    // Our own AS keeps its introspection for itself.
    bool const closed = c.oauth.validation == oauth::strategy::introspection &&
                        v.endpoint.empty() && v.client_id.empty() &&
                        c.oauth.introspection == oauth::introspection_access::protected_;
    if (!closed) return {};
    return "\ntollgate stdio: introspection at tollgate serve wants credentials: set "
           "validation.client_id and validation.client_secret, or validation.strategy = "
           "\"userinfo\" for both, so that tokens carry the scope openid";
}

struct program {
    program(config const& c, std::string t);
    std::unique_ptr<oauth::token_validator> make_validator(config const& c);
    http::handler layers(bool logged);
    task<http::reply> ask(http::request const& r);
    task<void> run();
    task<void> watch_signals();
    mcp::stdio_options options(config const& c) const;

    asio::io_context io{1};
    std::string const token;
    system_clock clock;
    asio::thread_pool workers{1};
    std::unique_ptr<oauth::store> store = oauth::make_memory_store(clock);
    oauth::server as;
    mcp::server mcp;
    http::client client;
    oauth::provider provider;
    std::unique_ptr<oauth::token_validator> validator;
    http::realm_ptr realm = std::make_shared<http::realm>("default");
    http::place const where;
    http::router routes;
    http::handler const stack;        // a line in the log for each message
    http::handler const quiet_stack;  // none for the question whether the token still lives
    asio::signal_set signals{io};
    mcp::stdio_server server;
    mcp::stdio_end end = mcp::stdio_end::stopped;
    unsigned long requests = 0;
};

oauth::server_options authorization_server_options(config const& c) {
    oauth::server_options o;
    o.configured = oauth_policy(c);
    return o;
}

task<outcome<http::reply>> nothing_more(mcp::server&, http::context&) {
    co_return http::reply(204);
}

constexpr http::route<mcp::server> guard_alone[] = {
    {"/", http::verb::get, "mcp", &nothing_more, http::guarded}};

program::program(config const& c, std::string t)
    : token(std::move(t)),
      as(authorization_server_options(c), clock, *store, workers),
      mcp(policy_of(c), clock, mcp::known_methods()),
      client(client_options(c)),
      provider(client, c.upstream, clock),
      validator(make_validator(c)),
      where(place_of(c, realm)),
      stack(layers(true)),
      quiet_stack(layers(false)),
      server([this](http::request const& r) { return ask(r); }, io.get_executor(), options(c)) {
    as.open(*realm);
    mcp.open(*realm);
    mcp.speak_on_stdio();
    // What a provider gave for a login is known to the process that brokered it alone, and the
    // caller's own token is not for the provider.
    bool const brokered = c.authorization_server.mode == "broker";
    if (c.tools.authenticated_request && !brokered) {
        mcp.allow_authenticated_request({client, c.tools.authenticated_request_url});
    }
    mcp::add_routes(routes, mcp, http::mcp_paths());
    routes.add<mcp::server>(mcp, guard_alone);
}

std::unique_ptr<oauth::token_validator> program::make_validator(config const& c) {
    auto o = validator_options(c, {});
    if (c.has_foreign_tokens() && o.endpoint.empty()) o.upstream = &provider;
    if (c.oauth.validation == oauth::strategy::userinfo)
        return oauth::make_userinfo_validator(client, o);
    if (c.oauth.validation == oauth::strategy::jwt)
        return oauth::make_jwt_validator(client, o, clock);
    if (c.oauth.validation == oauth::strategy::local) return oauth::make_local_validator(as);
    auto asked = oauth::make_introspection_validator(client, o);
    return oauth::make_caching_validator(std::move(asked), c.validation.cache_ttl, clock);
}

http::handler program::layers(bool logged) {
    auto requirement = [this](http::context const& c) {
        auto const p = mcp.policy_of(c);
        oauth::bearer_requirement wanted;
        wanted.required = p->auth != mcp::auth_mode::none;
        wanted.anonymous_too = p->auth == mcp::auth_mode::tools_only;
        wanted.scopes = p->scopes;
        return wanted;
    };
    auto guard = oauth::bearer_guard(*validator, std::move(requirement));  // as over HTTP
    std::vector<http::layer> all;
    if (logged) all.push_back(http::request_log_layer());
    all.push_back(http::error_boundary());
    all.push_back(std::move(guard));
    return http::stack(std::move(all), &http::run_route);
}

// The caller keeps the request until it has the answer.
task<http::reply> program::ask(http::request const& r) {
    http::request asked = r;
    auto const bearer = "Bearer " + token;
    if (!token.empty()) asked.headers.push_back({"Authorization", bearer});
    auto const route = routes.match(asked.method, asked.path);
    auto id = "stdio-" + std::to_string(++requests);
    http::context c(asked, where, asked.path, route, clock, io.get_executor(), std::move(id));
    auto const& layered = asked.path == "/" ? quiet_stack : stack;
    auto answer = co_await layered(c);
    if (answer) co_return std::move(*answer);
    co_return http::render(answer.error());
}

mcp::stdio_options program::options(config const& c) const {
    mcp::stdio_options o;
    o.max_line = c.server.max_body;
    o.grace = c.server.drain_timeout;
    o.recheck = c.mcp.recheck;
    return o;
}

task<void> program::run() {
    end = co_await server.run();
}

task<void> program::watch_signals() {
    auto const result = asio::as_tuple(asio::use_awaitable);
    auto const [failed, signal] = co_await signals.async_wait(result);
    if (!failed) server.stop();
}

int complain(std::string const& what, int code) {
    std::fprintf(stderr, "tollgate stdio: %s\n", what.c_str());
    return code;
}

}  // namespace

int serve_stdio(config const& c, std::string token) {
    set_log(c.server.log_level, c.server.log_format);
    if (auto const wrong = flaw_of(c); !wrong.empty()) return complain(wrong, 2);
    if (c.mcp.auth == mcp::auth_mode::required && token.empty()) {
        return complain("an access token is needed: set MCP_ACCESS_TOKEN", 2);
    }
    program p(c, std::move(token));
    p.signals.add(SIGINT);
    p.signals.add(SIGTERM);
    std::exception_ptr failed;
    asio::co_spawn(p.io, p.watch_signals(), asio::detached);
    asio::co_spawn(p.io, p.run(), [&](std::exception_ptr e) {
        failed = e;
        // All that is left are idle connections to whoever was asked about the token: they would
        // keep the process until they lapse.
        p.io.stop();
    });
    p.io.run();
    p.workers.join();
    flush_log();
    if (failed) std::rethrow_exception(failed);
    if (p.end != mcp::stdio_end::refused) return 0;
    auto const& why = p.server.why();
    return complain("the access token is refused: " + why + hint_for(c, why), 1);
}

}  // namespace tollgate
