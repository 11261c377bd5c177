#include "oauth/proxy/proxy.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "http/message/form.hpp"
#include "http/message/url.hpp"
#include "http/pipeline/discovery_reply.hpp"
#include "http/realm/resolver.hpp"
#include "oauth/fetch/basic_credentials.hpp"
#include "oauth/fetch/provider_failure.hpp"
#include "oauth/fetch/sent_secrets.hpp"
#include "oauth/proxy/answer.hpp"
#include "oauth/proxy/headers.hpp"
#include "oauth/proxy/lending.hpp"
#include "oauth/proxy/metadata.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t most_bytes = 1 << 20;  // of an answer

// RFC 6749 §3.1: an endpoint may have a query of its own, which is kept. Not a byte of `query` is
// touched: state and signatures of a client must arrive as they were sent.
std::string with_raw_query(std::string url, std::string_view query) {
    url.resize(std::min(url.find('#'), url.size()));
    if (query.empty()) return url;
    url += url.find('?') == std::string::npos ? '?' : '&';
    return url += query;
}

problem not_there(forwarded_endpoint const& to) {
    return problem(404, "not_found",
                   "The provider behind this server has no " + std::string(to.place) +
                       " that we know of. Clients must do without it, or ask the provider itself.")
        .log("upstream." + std::string(to.key) + " is not known");
}

// RFC 9110 §7.6.3: a request that we sent comes back to us.
bool came_from_us(http::request const& r, std::string_view via) {
    return std::ranges::any_of(r.headers, [&](http::header_view const& h) {
        return http::iequals(h.name, "Via") && h.value.find(via) != std::string_view::npos;
    });
}

// The issuer may be somebody else's and the endpoint ours all the same. Another realm of this
// server is somebody else.
bool is_ours(http::place const& where, std::string_view url) {
    auto const there = http::split_url(url);
    if (!there) return false;
    auto const path = there->rest.substr(0, there->rest.find_first_of("?#"));
    return where.is_own_issuer(there->origin() + http::split_realm_path(path).base);
}

problem to_ourselves() {
    return problem(502, "server_error",
                   "[upstream] leads back to this very server. Name the provider's own address.")
        .log("[upstream] leads back to this very server");
}

}  // namespace

proxy::proxy(provider& p, http::client& c, std::vector<std::string> scopes)
    : provider_(p),
      client_(c),
      scopes_(std::move(scopes)),
      // Of this process alone: two such proxies in a row are no loop.
      via_("tollgate-" + random_token().substr(0, 12)) {}

bool proxy::leads_to_itself(http::context const& c) const {
    return came_from_us(c.request(), via_) || c.place().is_own_issuer(provider_.options().issuer);
}

task<outcome<http::reply>> proxy::send_to_login(http::context& c) {
    if (leads_to_itself(c)) co_return to_ourselves().as(problem::shown_as::page);
    auto const found = co_await provider_.metadata();
    if (!found) co_return found.error().as(problem::shown_as::page);
    auto const& url = (*found)->authorization_endpoint;
    if (url.empty())
        co_return no_endpoint("authorization endpoint", "authorization_endpoint")
            .as(problem::shown_as::page);
    if (is_ours(c.place(), url)) co_return to_ourselves().as(problem::shown_as::page);
    co_return http::redirect(with_raw_query(url, c.request().query));
}

bool proxy::lends_secret(http::context& c, forwarded_endpoint const& to) const {
    auto const& ours = provider_.options();
    if (!to.authenticates || ours.client_secret.empty()) return false;
    auto const sent = c.body_form();
    if (!sent) return false;
    auto const& f = **sent;
    return f.one("client_id") == ours.client_id && !has_credentials(c.request(), f) &&
           holds_something(f, to.address == &provider_metadata::token_endpoint) &&
           reads_one_way(c.request(), f);
}

void proxy::add_secret(provider_metadata const& m, http::outbound& question) const {
    auto const& ours = provider_.options();
    if (takes_secret_in_body(m))
        question.body += "&client_secret=" + http::percent_encode(ours.client_secret);
    else
        question.headers.add("Authorization",
                             basic_credentials(ours.client_id, ours.client_secret));
}

proxy::forwarded proxy::prepare(http::context& c, forwarded_endpoint const& to,
                                provider_metadata const& m) const {
    auto const& r = c.request();
    forwarded f(with_raw_query(m.*to.address, r.query));
    auto& q = f.question;
    q.method = r.method;
    q.timeout = provider_.options().timeout;
    q.max_body = most_bytes;
    f.has_our_secret = lends_secret(c, to);
    if (!f.has_our_secret) {
        q.headers = headers_for_provider(r, via_);
        q.body = r.body;
        return f;
    }
    q.headers = headers_with_secret(r, via_);
    // Written anew from what was read, so that both sides see one form.
    q.body = (*c.body_form())->text();
    add_secret(m, q);
    c.note("secret", "added");
    return f;
}

task<outcome<http::reply>> proxy::forward(http::context& c, forwarded_endpoint const& to) {
    if (leads_to_itself(c)) co_return to_ourselves();
    auto const found = co_await provider_.metadata();
    if (!found) co_return found.error();
    auto const& m = **found;
    auto const& url = m.*to.address;
    if (url.empty()) co_return not_there(to);
    auto asked = prepare(c, to, m);
    c.note("provider", http::split_url(url).value_or(http::web_address()).origin());
    auto got = co_await client_.send(std::move(asked.question));
    // Some providers repeat what they do not understand.
    if (got && asked.has_our_secret) {
        sent_secrets ours;
        ours.add_client(provider_.options().client_id, provider_.options().client_secret);
        ours.take_out(*got);
    }
    provider_leg const leg(to.name, to.key, url);
    co_return passed_on(got, leg, to.body_is_ignored);
}

task<outcome<http::reply>> proxy::describe(http::context& c) {
    if (leads_to_itself(c)) co_return to_ourselves();
    auto const found = co_await provider_.metadata();
    if (!found) co_return found.error();
    bool const adds_secret = !provider_.options().client_secret.empty();
    auto const document = proxy_metadata(c.place(), **found, scopes_, adds_secret);
    co_return http::discovery_reply(c, document);
}

}  // namespace tollgate::oauth
