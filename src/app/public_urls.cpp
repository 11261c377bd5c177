#include "app/public_urls.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <boost/json/array.hpp>

#include "base/log/log.hpp"
#include "config/values/formats.hpp"
#include "http/limits/guess_limit.hpp"
#include "http/message/url.hpp"

namespace tollgate {

namespace {

constexpr std::chrono::milliseconds patience{3'000};

void tell(std::string const& url, control::probe_result const& result) {
    if (result.found == control::probe_result::finding::here)
        return log(log_level::info, "public_url_reached", {{"url", url}});
    bool const untrusted = result.found == control::probe_result::finding::untrusted;
    log(log_level::warning, "public_url_not_reached",
        {{"url", url},
         {"found", std::string(control::to_string(result.found))},
         {"why", result.why},
         {"note", untrusted
                      ? "this machine does not trust its certificate, so that nobody can tell "
                        "whether it leads here; name the file of its CA in the environment "
                        "variable SSL_CERT_FILE"
                      : "clients are sent there; from here it does not lead to this "
                        "server"}});
}

// A listener for other machines answers to names that it was told, and to no other.
bool needs_name(std::string const& listen) {
    auto const address = settings::parse_address(listen);
    return address && !settings::is_loopback(*address);
}

// Port 0 is a port of its own for each.
bool are_one(std::string const& listen, std::string const& other) {
    auto const address = settings::parse_address(listen);
    return listen == other && address && address->port != 0;
}

// A public URL that leads here from other machines.
bool is_for_strangers(std::string const& url) {
    auto const to = http::split_url(url);
    return to && !settings::is_loopback({to->host, to->port});
}

}  // namespace

public_urls::public_urls(config const& c, listeners const& bound, http::resolver& resolver,
                         http::client& client, std::string instance)
    : settings_(c),
      bound_(bound),
      resolver_(resolver),
      client_(client),
      instance_(std::move(instance)) {}

std::string public_urls::settle(std::string& url) const {
    auto const flaw = settings::flaw_of_origin(url);
    if (flaw) return *flaw;
    url = settings::without_trailing_slash(std::move(url));
    return {};
}

// Why these names cannot be taken on; empty when they can.
std::string public_urls::objection(http::renaming const& wanted) const {
    auto const now = resolver_.names();
    auto const as = wanted.as.value_or(now->as_public_url);
    auto const mcp = wanted.mcp.value_or(now->mcp_public_url);
    bool const is_public = !as.empty() || !mcp.empty();
    if (is_public && http::can_be_guessed(settings_.control.token))
        return "control.token has fewer than 16 characters: with a public URL anybody could find "
               "it by trying; start the server with a longer one";
    if (is_public && settings_.control.token.empty())
        return "control.token is empty: with a public URL the control plane would be shut, and "
               "this call could not be taken back; start the server with control.token";
    if (settings_.oauth.loopback_metadata && (is_for_strangers(as) || is_for_strangers(mcp)))
        return "registration.allow_loopback_metadata is true: with a public URL strangers could "
               "have the ports of this machine asked; start the server without it";
    if (!settings_.server.allowed_hosts.empty()) return {};
    constexpr std::string_view remedy =
        " listens on an address that is not loopback: it needs a public URL or "
        "server.allowed_hosts, so that it is known which Host names are ours";
    bool const shared = are_one(settings_.mcp_server.listen, settings_.authorization_server.listen);
    bool const as_named = !as.empty() || (shared && !mcp.empty());
    bool const mcp_named = !mcp.empty() || (shared && !as.empty());
    if (!as_named && needs_name(settings_.authorization_server.listen))
        return "authorization_server" + std::string(remedy);
    if (!mcp_named && needs_name(settings_.mcp_server.listen)) return "mcp" + std::string(remedy);
    return {};
}

task<std::vector<public_urls::trial>> public_urls::try_out(std::vector<std::string> origins) {
    std::vector<trial> trials;
    for (auto const& url : origins) {
        auto const same = [&](trial const& t) { return t.url == url; };
        if (url.empty() || std::ranges::any_of(trials, same)) continue;
        trial t;
        t.url = url;
        t.result = co_await control::try_to_reach(client_, url, instance_, patience);
        trials.push_back(std::move(t));
    }
    co_return trials;
}

task<outcome<boost::json::object>> public_urls::rename(http::renaming wanted) {
    auto const why = objection(wanted);
    if (!why.empty()) co_return problem(409, "conflict", why);
    resolver_.rename(wanted);
    auto const now = resolver_.names();
    log(log_level::info, "renamed",
        {{"authorization_server", now->as_public_url}, {"mcp", now->mcp_public_url}});
    auto const where = bound_.describe(*now);
    auto answer = to_json(where);
    std::vector<std::string> origins{where.issuer, bound_.mcp_origin(*now)};
    auto const trials = co_await try_out(std::move(origins));
    tell_of_names(trials);
    boost::json::array reachable;
    for (auto const& [url, result] : trials) {
        boost::json::object one;
        one["url"] = url;
        one["reachable"] = result.found == control::probe_result::finding::here;
        one["found"] = control::to_string(result.found);
        if (!result.why.empty()) one["why"] = result.why;
        reachable.push_back(std::move(one));
    }
    answer["reachable"] = std::move(reachable);
    co_return answer;
}

task<void> public_urls::try_all_out() {
    auto const now = resolver_.names();
    std::vector<std::string> origins{now->as_public_url, now->mcp_public_url};
    auto const trials = co_await try_out(std::move(origins));
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) co_return;  // the end came first
    tell_of_names(trials);
}

// A name that was given up while it was tried out is nobody's news: it may lead elsewhere by now.
void public_urls::tell_of_names(std::vector<trial> const& trials) const {
    auto const now = resolver_.names();
    for (auto const& [url, result] : trials)
        if (url == now->as_public_url || url == now->mcp_public_url) tell(url, result);
}

}  // namespace tollgate
