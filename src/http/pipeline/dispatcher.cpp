#include "http/pipeline/dispatcher.hpp"

#include <atomic>
#include <random>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "http/message/http_date.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/cors.hpp"
#include "http/pipeline/request_log.hpp"

namespace tollgate::http {

namespace {

// Unique within the process, and unlikely to be met again after a restart.
std::string next_request_id() {
    static std::atomic<std::uint64_t> next{static_cast<std::uint64_t>(std::random_device{}())
                                           << 20};
    static constexpr char digits[] = "0123456789abcdef";
    auto n = next.fetch_add(1, std::memory_order_relaxed);
    std::string id(13, '0');
    for (auto i = id.rbegin(); i != id.rend(); ++i, n >>= 4)
        *i = digits[n & 15];
    return id;
}

// Nothing is cached unless its handler says so.
void finish(reply& r) {
    if (!r.headers.has("Cache-Control")) r.headers.add("Cache-Control", "no-store");
}

// A realm whose clock was moved dates its answers by it; the others are dated when they are sent.
void date(reply& r, realm const& by, tollgate::clock const& clock) {
    if (!by.time().is_moved() || r.headers.has("Date")) return;
    auto const now = by.time().at(clock.now()).time_since_epoch();
    r.headers.add("Date", http_date(std::chrono::floor<std::chrono::seconds>(now).count()));
}

// An answer that no layer has seen is counted and logged here.
class early_answer {
public:
    early_answer(resolver const& names, request const& r) : names_(names), request_(r) {}

    reply operator()(route_match const& route, std::string_view realm, reply answer) const {
        request_line line;
        line.realm = realm;
        line.endpoint = route.endpoint;
        line.status = answer.status;
        line.took = std::chrono::steady_clock::now() - started_;
        count_request(line.endpoint, line.status, line.took);
        log_request(request_, line, {});
        finish(answer);
        return answer;
    }

    reply operator()(route_match const& route, std::string_view realm, problem const& why) const {
        auto answer = render(why);
        expose_to_origin(names_, request_, route, answer.headers);
        return (*this)(route, realm, std::move(answer));
    }

private:
    resolver const& names_;
    request const& request_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

// What a handler threw. A cancelled one lost its peer, or its time; anything else is a bug of
// ours: the peer learns nothing of it, the log does.
problem thrown(std::string_view request_id, std::exception const& what) {
    auto const* failure = dynamic_cast<boost::system::system_error const*>(&what);
    if (failure && failure->code() == boost::asio::error::operation_aborted) {
        log(log_level::debug, "cancelled", {{"id", request_id}});
        return problem(503, "temporarily_unavailable", "the request was cancelled");
    }
    log(log_level::error, "exception", {{"id", request_id}, {"what", what.what()}});
    return problem(500, "server_error", {});
}

// A request that a page of another site makes without asking (an image, a link, a frame) has no
// Origin, but says where it comes from (Fetch Metadata Request Headers, section 2.4).
bool comes_from_another_site(request const& r) {
    return !r.has("Origin") && iequals(r.header("Sec-Fetch-Site"), "cross-site");
}

}  // namespace

dispatcher::dispatcher(resolver const& where, router const& as, router const& mcp,
                       router const& shared, handler layers, clock const& time)
    : resolver_(where), tables_{as, mcp, shared}, layers_(std::move(layers)), clock_(time) {}

void dispatcher::serve_apart(realm_address realm, router const& as, router const& mcp,
                             router const& shared) {
    apart_ = std::move(realm);
    apart_tables_.emplace(tables{as, mcp, shared});
}

router const& dispatcher::tables::of(site at) const noexcept {
    if (at == site::authorization_server) return as;
    return at == site::mcp_server ? mcp : shared;
}

bool dispatcher::is_apart(place const& where) const noexcept {
    if (!apart_tables_) return false;
    return where.realm ? where.realm->name() == apart_.name : where.base == apart_.base;
}

// The route of a resolved request. Below a realm's base there is nothing that belongs to an origin.
route_match dispatcher::match(request const& r, resolved const& found) const {
    auto const& all = is_apart(*found.where) ? *apart_tables_ : tables_;
    auto const& table = all.of(found.where->at);
    auto route = table.match(r.method, found.path);
    bool const at_root = found.where->base.empty();
    // An empty path is in no table: 404.
    return (route.flags & origin_root) != 0 && !at_root ? table.match(r.method, {}) : route;
}

// An implicit realm is made by a protocol request with an accepted Origin, and by nothing else.
// Nothing when it is there now.
std::optional<reply> dispatcher::refuse_to_adopt(request const& r, resolved& found,
                                                 route_match const& route) const {
    // Any page may read a public document; to make a realm it takes an accepted Origin all the
    // same.
    auto as_private = route;
    as_private.flags &= ~public_document;
    if (auto refused = answer_origin(resolver_, r, *found.where, as_private)) {
        if (!refused->headers.has("Access-Control-Allow-Origin"))
            expose_to_origin(resolver_, r, route, refused->headers);
        return refused;
    }
    auto why = found.absent;
    if ((route.flags & opens_realm) != 0 && !comes_from_another_site(r)) {
        auto const adopted = resolver_.adopt(found, r);
        if (adopted) return std::nullopt;
        why = adopted.error();
    }
    auto answer = render(*why);
    expose_to_origin(resolver_, r, route, answer.headers);
    return answer;
}

task<reply> dispatcher::operator()(request const& r, listener_info const& l,
                                   boost::asio::any_io_executor executor) const {
    early_answer const early(resolver_, r);
    auto found = resolver_.resolve(r, l);
    if (!found) {
        route_match const none;
        co_return early(none, {}, found.error());
    }
    auto const route = match(r, *found);
    if (!found->where->realm) {
        auto refused = refuse_to_adopt(r, *found, route);
        if (refused) co_return early(route, {}, std::move(*refused));
    }
    // Held to the end of the request: whatever is renamed or removed meanwhile is so for the next
    // one.
    auto const where = found->where;
    context c(r, *where, found->path, route, clock_, executor, next_request_id());
    std::optional<problem> broken;
    try {
        auto result = co_await layers_(c);
        auto answer = result ? std::move(*result) : render(result.error());
        date(answer, c.realm(), clock_);
        finish(answer);
        co_return answer;
    } catch (std::exception const& e) {
        broken = thrown(c.request_id(), e);
    }
    auto failed = early(route, where->realm->name(), *broken);
    date(failed, *where->realm, clock_);
    co_return failed;
}

}  // namespace tollgate::http
