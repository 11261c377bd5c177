#include "app/application.hpp"

#include <atomic>
#include <functional>
#include <optional>

#include <boost/asio/thread_pool.hpp>

#include "app/bearer_validation.hpp"
#include "app/housekeeping.hpp"
#include "app/instances/sharing.hpp"
#include "app/listeners.hpp"
#include "app/public_urls.hpp"
#include "app/records_store.hpp"
#include "app/route_tables.hpp"
#include "app/sessions/kept_sessions.hpp"
#include "app/translate.hpp"
#include "app/upstream_roles.hpp"
#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "control/access.hpp"
#include "control/api/control_plane.hpp"
#include "control/exam/desk.hpp"
#include "control/faults/layers.hpp"
#include "control/health/health.hpp"
#include "control/journal/recorder.hpp"
#include "control/realms/keeping_layer.hpp"
#include "control/realms/realm_registry.hpp"
#include "control/site_map/site_map.hpp"
#include "control/telemetry/telemetry.hpp"
#include "control/ui/dashboard.hpp"
#include "http/client/client.hpp"
#include "http/pipeline/challenge.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/pipeline/request_log.hpp"
#include "http/realm/resolver.hpp"
#include "http/server/server.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/server/server.hpp"
#include "oauth/bearer/guard.hpp"
#include "oauth/proxy/proxy.hpp"
#include "oauth/server/server.hpp"
#include "oauth/test_page/test_page.hpp"

namespace tollgate {

namespace {

oauth::server_options authorization_server_options(config const& c, std::string internal,
                                                   http::client& outbound, oauth::broker* broker,
                                                   records_store const& kept,
                                                   std::function<bool()> test_page_client) {
    oauth::server_options o;
    kept.tell(o);
    o.outbound = &outbound;
    o.broker = broker;
    o.configured = oauth_policy(c);
    for (auto const& from : c.clients)
        o.clients.push_back(configured_client(from));
    o.client_documents = client_documents(c);
    o.seed_refresh = c.tokens.seed_refresh;
    o.limits = oauth_limits(c);
    o.key = signing_key_file(c);
    o.hs256_secret = c.tokens.hs256_secret;
    o.internal_credential = std::move(internal);
    o.guesses = guess_bounds(c);
    o.test_page_client = std::move(test_page_client);
    o.parts = {oauth::test_page_part()};
    if (broker)
        o.reseal = [broker](auto const&... of) { return broker->tokens().for_realm(of...); };
    return o;
}

}  // namespace

// Declared in the order of need: what stands lower may use what stands above, and goes first.
struct application::parts {
    explicit parts(config c);

    http::handler layers();
    void fill_routes();
    void restore_realms();
    bool offers_test_page() const;
    oauth::test_page_options test_page_options();
    control::realm_registry::options registry_options();
    task<void> try_out();
    void start();
    void run();
    void stop();

    system_clock clock;
    records_store kept;
    config const settings;
    std::string const internal_credential = random_token();
    boost::asio::thread_pool workers{1};
    http::client client;
    control::telemetry telemetry;
    provider_roles roles;
    oauth::server as;
    mcp::server mcp;
    oauth::test_page test_page;
    control::realm_registry realms;
    http::server server;
    std::atomic<bool> draining{false};
    kept_sessions sessions{*kept.records, [this](http::realm const& r) { return realms.keeps(r); }};
    bearer_rules bearer;
    control::health_endpoints health{[this] { return kept.why_not_ready(draining); },
                                     name_of_server(kept.shared_secret()),
                                     access_options(settings)};
    listeners bound;
    sharing instances;
    http::resolver resolver;
    public_urls names;
    control::control_plane control_plane;
    control::control_plane plane_of_provider;  // which issues tokens where a proxy does not
    control::site_map map;
    route_tables routes, provider_routes;
    std::shared_ptr<control::access_control> const access =
        std::make_shared<control::access_control>(
            access_options(settings, key_of_browsers(kept.shared_secret(), settings.control.token)),
            clock);
    control::dashboard dashboard{*access};
    std::optional<http::dispatcher> dispatch;
    addresses known_as;
    std::function<void()> hangup = [] {};
    tollgate::housekeeping housekeeping{realms};
};

application::parts::parts(config c)
    : kept(c, clock),
      settings(with_lasting_keys(std::move(c), kept.secret)),
      client(client_options(settings)),
      telemetry(settings, client),
      roles(settings, client, *kept.records, clock),
      as(authorization_server_options(
             settings, internal_credential, client, roles.broker(), kept,
             [this] { return offers_test_page() && test_page.asks_own(); }),
         clock, *kept.records, workers),
      mcp(mcp_policy(settings), clock, mcp::known_methods()),
      test_page(as, roles.provider(), client, test_page_options()),
      realms(registry_options(), clock, as, mcp),
      server(server_options(settings)),
      bearer(settings, internal_credential, roles.provider(), client, as, mcp, clock,
             [this] { return draining.load(); }),
      bound(server, settings),
      resolver(bound.names(), realms),
      names(settings, bound, resolver, client, health.instance()),
      control_plane(realms, &names, roles.proxy() == nullptr),
      plane_of_provider(realms, &names),
      map(mcp, {settings.control.enabled, settings.realms.implicit,
                [this] { return offers_test_page(); }}) {
    if (settings.tools.authenticated_request)
        mcp.allow_authenticated_request(roles.api(settings.tools.authenticated_request_url));
    realms.forget_on(housekeeping.executor());
    if (kept.is_durable()) mcp.keep_sessions(sessions);
    known_as = bound.describe(bound.names());
    fill_routes();
    instances.begin(settings, kept.secret, kept.owners, server);
    restore_realms();
}

control::realm_registry::options application::parts::registry_options() {
    control::realm_registry::options o;
    o.implicit = settings.realms.implicit;
    o.ttl = settings.realms.ttl;
    o.max = settings.realms.max;
    o.max_per_peer = settings.realms.max_per_peer;
    o.made = {settings.limits.peer_realms, settings.limits.realms};
    o.journal_bytes = settings.journal.bytes;
    o.exam = std::make_shared<control::exam_desk>();
    o.ports = bound.of_realms();
    if (kept.is_durable()) o.lasting = kept.records.get();
    o.secret = kept.secret;
    o.owners = kept.owners;
    return o;
}

// It shows to everybody what is configured: not behind a public URL, unless somebody says so.
bool application::parts::offers_test_page() const {
    auto const& wish = settings.mcp_server.test_page;
    return wish == "on" || (wish == "auto" && !resolver.names()->has_public_url());
}

oauth::test_page_options application::parts::test_page_options() {
    oauth::test_page_options o;
    o.mode = settings.authorization_server.mode;
    o.offered = [this] { return offers_test_page(); };
    o.transports = [this](http::realm const& r) {
        auto const p = mcp.current_policy(r);
        return oauth::test_page_transports{p->offers("streamable-http"), p->offers("sse")};
    };
    return o;
}

// Outermost first.
http::handler application::parts::layers() {
    return http::stack(
        {
            http::request_log_layer(),      // first: it must also see what later layers refuse
            http::metrics_layer(),          // likewise, and it counts what the log may leave out
            telemetry.layer(),              // asks the journal, which knows the flow by then
            control::journal_layer(),       // what goes out, whoever made it
            http::cors_layer(resolver),     // a browser must be able to read every answer below
            http::error_boundary(),         // everything below may simply return a problem
            control::access_layer(access),  // control is refused before it acts
            http::challenge_style_layer(    // a fault that refuses says it as the guard would
                [this](http::context const& c) { return bearer.wording(c); }),
            control::raw_fault_layer({as, mcp}),  // may answer instead of the guard
            oauth::bearer_guard(                  // nothing below runs without a good token
                bearer.validator(),
                [this](http::context const& c) { return bearer.requirement(c); }),
            control::semantic_fault_layer({as, mcp}),  // selects by caller, MCP method and tool
            control::keeping_layer(realms),            // last: keeps what a control call changed
        },
        &http::run_route);
}

void application::parts::fill_routes() {
    route_owners by{settings,  bound.names().paths, as, roles.proxy(), mcp, test_page, health, map,
                    dashboard, control_plane};
    fill(routes, by);
    dispatch.emplace(resolver, routes.as, routes.mcp, routes.shared, layers(), clock);
    auto const provider = realm_of_issuer(settings.upstream.issuer, known_as);
    if (!provider) return;
    as.set_provider_realm(provider->name);
    if (by.proxy == nullptr) return;
    // That realm is what we are a proxy of: an authorization server of our own.
    route_owners provider_by{settings,  bound.names().paths, as,     nullptr,
                             mcp,       test_page,           health, map,
                             dashboard, plane_of_provider};
    fill(provider_routes, provider_by);
    dispatch->serve_apart(*provider, provider_routes.as, provider_routes.mcp,
                          provider_routes.shared);
}

task<void> application::parts::try_out() {
    co_await names.try_all_out();
    co_await roles.try_out(known_as);
}

// Before anybody is served.
void application::parts::restore_realms() {
    auto const done = wait_at_start(realms.restore());
    if (!done) throw std::runtime_error("the store cannot be read: " + done.error().description());
    kept.begin_sweeping();
}

void application::parts::start() {
    telemetry.start();
    auto trying = try_out();
    housekeeping.spawn(std::move(trying));
    housekeeping.do_soon([this] { as.make_first_keys(); });
    housekeeping.start([this] { stop(); }, [this] { hangup(); });
}

void application::parts::run() {
    server.run(instances.around(std::cref(*dispatch), realms, resolver, server));
    housekeeping.end();
    wait_at_start(realms.keep_journals());
    telemetry.end();
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
    set_log(c.server.log_level, c.server.log_format);
}

void application::on_hangup(std::function<void()> action) {
    parts_->hangup = std::move(action);
}

}  // namespace tollgate
