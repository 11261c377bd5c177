#include "application.hpp"

#include <atomic>
#include <optional>

#include <boost/asio/thread_pool.hpp>

#include "control/access.hpp"
#include "control/control_plane.hpp"
#include "control/fault_layers.hpp"
#include "control/operations.hpp"
#include "control/realm_registry.hpp"
#include "housekeeping.hpp"
#include "http/client.hpp"
#include "http/dispatcher.hpp"
#include "http/log.hpp"
#include "http/metrics.hpp"
#include "http/resolver.hpp"
#include "http/server.hpp"
#include "http/wording_layer.hpp"
#include "known_names.hpp"
#include "listeners.hpp"
#include "mcp/server.hpp"
#include "oauth/broker.hpp"
#include "oauth/crypto.hpp"
#include "oauth/guard.hpp"
#include "oauth/local_validator.hpp"
#include "oauth/provider.hpp"
#include "oauth/proxy.hpp"
#include "oauth/routes.hpp"
#include "oauth/server.hpp"
#include "oauth/store.hpp"
#include "oauth/test_page.hpp"
#include "oauth/validators.hpp"
#include "policies.hpp"

namespace tollgate {

namespace {

bool public_url_set(config const& c) {
    return !c.authorization_server.public_url.empty() || !c.mcp.public_url.empty();
}

bool is_proxy(config const& c) {
    return c.authorization_server.mode == "proxy";
}

oauth::server_options authorization_server_options(config const& c, std::string internal,
                                                   http::client& outbound, oauth::broker* broker,
                                                   std::function<bool()> test_page_client) {
    oauth::server_options o;
    o.outbound = &outbound;
    o.broker = broker;
    o.configured = oauth_policy(c);
    for (auto const& from : c.clients)
        o.clients.push_back(configured_client(from));
    o.seed_refresh = c.tokens.seed_refresh;
    o.key = signing_key_file(c);
    o.hs256_secret = c.tokens.hs256_secret;
    o.internal_credential = std::move(internal);
    o.test_page_client = std::move(test_page_client);
    return o;
}

http::server::options server_options(config const& c) {
    http::server::options o;
    o.workers = c.server.workers;
    o.limits = connection_limits(c);
    o.tls.certificate = c.tls.certificate;
    o.tls.private_key = c.tls.private_key;
    return o;
}

http::client::options client_options(config const& c) {
    http::client::options o;
    o.extra_ca_file = c.tls.certificate;  // our own, for asking our own AS
    return o;
}

control::access_options access_options(config const& c) {
    control::access_options o;
    o.enabled = c.control.enabled;
    o.token = c.control.token;
    return o;
}

}  // namespace

// Declared in the order of need: what stands lower may use what stands above, and goes first.
struct application::parts {
    explicit parts(config c);

    http::handler layers();
    void fill_routes();
    void add_authorization_server(http::router& table);
    std::unique_ptr<oauth::token_validator> make_validator();
    std::unique_ptr<oauth::broker> make_broker();
    mcp::passthrough api();
    task<outcome<mcp::api_access>> access_by_login(std::string realm, std::string caller,
                                                   std::string refused);
    oauth::bearer_requirement requirement(http::realm const& r) const;
    bool offers_test_page() const;
    oauth::test_page_options test_page_options();
    http::challenge_wording wording(http::realm const& r) const;
    control::realm_registry::options registry_options();
    void say_what_is_off() const;
    void start();
    void run();
    void stop();

    config const settings;
    http::system_clock clock;
    std::string const internal_credential = oauth::random_token();
    boost::asio::thread_pool workers{1};
    std::unique_ptr<oauth::store> store = oauth::make_memory_store(clock);
    http::client client;
    oauth::provider provider;
    oauth::proxy proxy;
    std::unique_ptr<oauth::broker> broker = make_broker();  // null in other modes
    oauth::server as;
    mcp::server mcp;
    oauth::test_page test_page;
    control::realm_registry realms;
    http::server server;
    std::unique_ptr<oauth::token_validator> validator;
    std::atomic<bool> draining{false};
    control::operations operations{[this] { return !draining.load(); }, oauth::random_token(16)};
    listeners bound;
    http::resolver resolver;
    known_names names;
    control::control_plane control_plane;
    http::router as_routes, mcp_routes, shared_routes;
    std::optional<http::dispatcher> dispatch;
    addresses known_as;
    std::function<void()> hangup = [] {};
    housekeeping chores{realms};
};

application::parts::parts(config c)
    : settings(std::move(c)),
      client(client_options(settings)),
      provider(client, provider_options(settings), clock),
      proxy(provider, client, mcp_policy(settings).scopes),
      as(authorization_server_options(
             settings, internal_credential, client, broker.get(),
             [this] { return offers_test_page() && test_page.asks_own(); }),
         clock, *store, workers),
      mcp(mcp_policy(settings), clock),
      test_page(as, provider, client, test_page_options()),
      realms(registry_options(), clock, as, mcp),
      server(server_options(settings)),
      validator(make_validator()),
      bound(server, settings),
      resolver(bound.names(), realms),
      names(settings, bound, resolver, client, operations.instance()),
      control_plane(realms, &names, !is_proxy(settings)) {
    if (settings.tools.authenticated_request) mcp.allow_authenticated_request(api());
    realms.forget_on(chores.executor());
    fill_routes();
    dispatch.emplace(resolver, as_routes, mcp_routes, shared_routes, layers(), clock);
    known_as = bound.describe(bound.names());
}

std::unique_ptr<oauth::broker> application::parts::make_broker() {
    if (settings.authorization_server.mode != "broker") return nullptr;
    return std::make_unique<oauth::broker>(provider, broker_options(settings), *store, clock);
}

mcp::passthrough application::parts::api() {
    mcp::passthrough p{client, settings.tools.authenticated_request_url};
    if (broker)
        p.instead = [this](std::string realm, std::string caller, std::string refused) {
            return access_by_login(std::move(realm), std::move(caller), std::move(refused));
        };
    return p;
}

task<outcome<mcp::api_access>> application::parts::access_by_login(std::string realm,
                                                                   std::string caller,
                                                                   std::string refused) {
    auto found = co_await broker->access(std::move(realm), std::move(caller), std::move(refused));
    if (!found) co_return found.error();
    mcp::api_access a;
    a.token = std::move(found->token);
    a.url = std::move(found->userinfo_endpoint);
    co_return a;
}

control::realm_registry::options application::parts::registry_options() {
    control::realm_registry::options o;
    o.implicit = settings.realms.implicit;
    o.ttl = settings.realms.ttl;
    o.max = settings.realms.max;
    o.has_public_url = [this] { return resolver.names()->has_public_url(); };
    o.ports.open = [this](std::string const& realm) { return bound.open_for(realm); };
    o.ports.close = [this](control::realm_listeners const& l) { bound.close(l); };
    return o;
}

std::unique_ptr<oauth::token_validator> application::parts::make_validator() {
    auto options = validator_options(settings, internal_credential);
    bool const foreign = settings.has_foreign_tokens();
    if (foreign && options.endpoint.empty()) options.upstream = &provider;
    bool const asks_ourselves = !foreign && options.endpoint.empty();
    options.own_secret = [this](http::realm const& r) { return as.hs256_verifier(r); };
    auto const& ttl = settings.validation.cache_ttl;
    oauth::validator_set all;
    // Each outbound strategy has its own memory: an answer of one says nothing about another.
    auto introspection = oauth::make_introspection_validator(client, options);
    all.introspection = oauth::make_caching_validator(std::move(introspection), ttl, clock);
    auto userinfo = oauth::make_userinfo_validator(client, options);
    all.userinfo = oauth::make_caching_validator(std::move(userinfo), ttl, clock);
    all.jwt = oauth::make_jwt_validator(client, options, clock);
    all.local = oauth::make_local_validator(as);
    auto choose = [this, asks_ourselves](http::realm const& r) {
        // A drain closes the door through which we would ask ourselves; what is still under
        // way is judged by the same records without it.
        if (draining.load() && asks_ourselves) return oauth::strategy::local;
        return as.current_policy(r)->validation;
    };
    return oauth::make_switching_validator(std::move(all), std::move(choose));
}

// It shows to everybody what is configured: behind a public URL that is for others to decide.
bool application::parts::offers_test_page() const {
    auto const& wish = settings.mcp.test_page;
    return wish == "on" || (wish == "auto" && !resolver.names()->has_public_url());
}

oauth::test_page_options application::parts::test_page_options() {
    oauth::test_page_options o;
    o.mode = settings.authorization_server.mode;
    o.offered = [this] { return offers_test_page(); };
    o.transports = [this](http::realm const& r) {
        auto const p = mcp.current_policy(r);
        return oauth::test_page_transports{p->streamable_http, p->legacy_sse};
    };
    return o;
}

oauth::bearer_requirement application::parts::requirement(http::realm const& r) const {
    auto const policy = mcp.current_policy(r);
    oauth::bearer_requirement wanted;
    wanted.required = policy->auth != mcp::auth_mode::none;
    wanted.anonymous_too = policy->auth == mcp::auth_mode::tools_only;
    wanted.scopes = policy->scopes;
    wanted.dpop = as.dpop(r);
    wanted.unreachable = as.current_policy(r)->unreachable;
    return wanted;
}

http::challenge_wording application::parts::wording(http::realm const& r) const {
    auto const policy = mcp.current_policy(r);
    http::challenge_wording w;
    w.realm = policy->challenge_realm;
    w.relative_metadata = policy->relative_metadata;
    return w;
}

// Outermost first.
http::handler application::parts::layers() {
    return http::stack(
        {
            http::request_log_layer(),   // first: it must also see what later layers refuse
            http::metrics_layer(),       // likewise, and it counts what the log may leave out
            http::cors_layer(resolver),  // a browser must be able to read every answer below
            http::error_boundary(),      // everything below may simply return a problem
            control::access_layer(access_options(settings)),  // control is refused before it acts
            http::wording_layer(  // a fault that refuses says it as the guard would
                [this](http::realm const& r) { return wording(r); }),
            control::raw_fault_layer(),      // needs no caller: may answer instead of the guard
            oauth::bearer_guard(*validator,  // nothing below runs without a good token
                                [this](http::realm const& r) { return requirement(r); }),
            control::semantic_fault_layer(mcp),  // selects by caller, MCP method and tool
        },
        &http::run_route);
}

// Of a proxy nothing that our own server could do can be reached.
void application::parts::add_authorization_server(http::router& table) {
    if (is_proxy(settings))
        oauth::add_proxy_routes(table, proxy);
    else
        oauth::add_routes(table, as);
}

void application::parts::fill_routes() {
    // All three: the MCP origin is a second issuer name of the same authorization server.
    for (auto* table : {&as_routes, &mcp_routes, &shared_routes})
        add_authorization_server(*table);
    for (auto* table : {&mcp_routes, &shared_routes}) {
        mcp::add_routes(*table, mcp, bound.names().paths);
        oauth::add_test_page_routes(*table, test_page);
    }
    for (auto* table : {&as_routes, &mcp_routes, &shared_routes})
        operations.add_routes(*table);
    control_plane.add_as_routes(as_routes);
    control_plane.add_mcp_routes(mcp_routes);
    control_plane.add_shared_routes(shared_routes);
}

// What a strategy cannot tell, and a control plane that is switched off by its own rules, must not
// be riddles.
void application::parts::say_what_is_off() const {
    if (auto const limits = validation_limits(settings); !limits.empty())
        http::log(http::log_level::warning, "validation_limits",
                  {{"strategy", settings.validation.strategy}, {"what", limits}});
    if (!settings.control.enabled || !settings.control.token.empty()) return;
    if (public_url_set(settings))
        http::log(http::log_level::warning, "control_off",
                  {{"why", "a public URL is set and control.token is not: /control answers 403"}});
}

void application::parts::start() {
    say_what_is_off();
    auto trying = names.try_all_out();
    chores.also(std::move(trying));
    chores.start([this] { stop(); }, [this] { hangup(); });
}

void application::parts::run() {
    server.run(
        [this](http::request const& r, http::listener_info const& l,
               boost::asio::any_io_executor on) { return (*dispatch)(r, l, std::move(on)); });
    chores.end();
    workers.join();
}

void application::parts::stop() {
    bool const second = draining.exchange(true);
    server.stop(second ? std::chrono::milliseconds(0) : settings.server.drain_timeout);
}

application::application(config c) : parts_(std::make_unique<parts>(std::move(c))) {}

application::~application() = default;

addresses const& application::where() const noexcept {
    return parts_->known_as;
}

void application::start() {
    parts_->start();
}

void application::run() {
    parts_->run();
}

void application::stop() {
    parts_->stop();
}

void application::reload(config const& c) {
    http::set_log(log_threshold(c), log_shape(c));
}

void application::on_hangup(std::function<void()> action) {
    parts_->hangup = std::move(action);
}

}  // namespace tollgate
