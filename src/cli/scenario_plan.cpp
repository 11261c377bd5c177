#include "cli/scenario_plan.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "base/nearest.hpp"
#include "config/values/formats.hpp"
#include "http/message/url.hpp"

namespace tollgate {
namespace {

using settings::in_quotes;
using calls = std::vector<control_call>;

constexpr auto as_side = control_side::authorization_server;
constexpr auto mcp_side = control_side::mcp_server;

using takes = switch_row::takes;

constexpr switch_row switch_rows[] = {
    {"rotate", takes::on_off, as_side, "rotate", "a new refresh token at each refresh"},
    {"expire-access", takes::seconds, as_side, "expires-in",
     "access tokens that are issued from now on live so long"},
    {"revoke", takes::nothing, as_side, "revoke-access",
     "kill all access tokens: the next call gets 401"},
    {"dead-refresh", takes::on_off, as_side, "invalid-grant",
     "each refresh fails with invalid_grant"},
    {"deny-consent", takes::on_off, as_side, "deny-consent", "/authorize answers access_denied"},
    {"bad-scope", takes::on_off, mcp_side, "force-403", "tool calls get 403 insufficient_scope"},
};

// "" is "on": a switch that is named is switched on.
std::optional<std::string> body_of(takes argument, std::string_view text) {
    if (argument == takes::nothing) {
        if (text.empty()) return "";
        return std::nullopt;
    }
    if (argument == takes::on_off) {
        if (text.empty() || text == "on") return R"({"on":true})";
        if (text == "off") return R"({"on":false})";
        return std::nullopt;
    }
    unsigned seconds = 0;
    auto const* end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, seconds);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return R"({"seconds":)" + std::to_string(seconds) + '}';
}

std::string_view sentence_for(takes argument) {
    switch (argument) {
        case takes::nothing:
            return "no argument";
        case takes::on_off:
            return "on or off";
        case takes::seconds:
            return "a number of seconds";
    }
    return "something else";
}

usage_error bad_argument(std::string_view name, takes argument, std::string_view text) {
    auto const what = text.empty() ? std::string() : ", not " + in_quotes(text);
    return {"tollgate scenario " + std::string(name) + ": takes " +
            std::string(sentence_for(argument)) + what};
}

// The path of the realm, or nothing for a name that cannot be one.
std::optional<std::string> realm_path(std::string_view realm) {
    if (realm.empty() || realm == "default") return "";
    bool const plain = std::ranges::all_of(realm, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_' || c == '/';
    });
    auto const parts = settings::split(realm, '/');
    if (!plain || parts.empty()) return std::nullopt;
    if (parts.size() == 1 && parts[0] == realm) return "/r/" + parts[0];
    if (parts.size() == 3 && realm.starts_with("s/")) return "/s/" + parts[1] + '/' + parts[2];
    return std::nullopt;
}

usage_error bad_realm(std::string_view realm) {
    return {"--realm takes a name or s/SCENARIO/RUN, not " + in_quotes(realm)};
}

// Where a listener on every address can be reached from here.
std::string reachable(std::string const& host) {
    return host == "0.0.0.0" || host == "[::]" ? "localhost" : host;
}

std::variant<std::string, usage_error> base_of(config const& c, char const* key,
                                               std::string const& listen, std::string const& path) {
    auto const address = settings::parse_address(listen);
    if (!address || address->port == 0)
        return usage_error{c.where(key) + " names no port; say with --url where the server is"};
    bool const tls = !c.tls.certificate.empty();
    return http::make_origin(tls, reachable(address->host), address->port) + path + "/control";
}

std::variant<std::string, usage_error> base_of(std::string const& url, char const* option,
                                               std::string const& path) {
    if (auto const wrong = settings::flaw_of_url(url))
        return usage_error{std::string(option) + ": " + *wrong};
    constexpr std::string_view end = "/control";
    auto base = settings::without_trailing_slash(url);
    if (base.ends_with(end)) base.resize(base.size() - end.size());
    return base + path + std::string(end);
}

using base_or_error = std::variant<std::string, usage_error>;

std::variant<control_bases, usage_error> both(base_or_error as, base_or_error mcp) {
    for (auto const* side : {&as, &mcp})
        if (auto const* wrong = std::get_if<usage_error>(side)) return *wrong;
    return control_bases{std::get<std::string>(std::move(as)),
                         std::get<std::string>(std::move(mcp))};
}

}  // namespace

std::span<switch_row const> switches() {
    return switch_rows;
}

std::variant<calls, usage_error> plan_scenario(std::string_view name, std::string_view argument) {
    if (name == "state" || name == "reset") {
        if (!argument.empty()) return bad_argument(name, takes::nothing, argument);
        if (name == "state") return calls{};
        return calls{{as_side, "reset", ""}, {mcp_side, "reset", ""}};
    }
    auto const row = std::ranges::find(switch_rows, name, &switch_row::name);
    if (row != std::end(switch_rows)) {
        auto body = body_of(row->argument, argument);
        if (!body) return bad_argument(name, row->argument, argument);
        return calls{{row->side, std::string(row->path), std::move(*body)}};
    }
    if (!argument.empty()) return bad_argument(name, takes::nothing, argument);
    auto const quoted = boost::json::serialize(boost::json::string(name));
    return calls{{as_side, "scenario", "{\"name\":" + quoted + '}'}};
}

std::optional<std::string> flaw_of_name(std::string_view name,
                                        std::vector<std::string> const& scenarios) {
    std::vector<std::string_view> known{"state", "reset"};
    for (auto const& row : switch_rows)
        known.push_back(row.name);
    known.insert(known.end(), scenarios.begin(), scenarios.end());
    if (std::ranges::find(known, name) != known.end()) return std::nullopt;
    return "neither a switch nor a scenario of this server is called " + in_quotes(name) +
           "; the nearest is " + in_quotes(nearest_name(name, known)) + ". Nothing was changed.";
}

std::variant<control_bases, usage_error> control_bases_of(config const& c, std::string_view realm) {
    auto const path = realm_path(realm);
    if (!path) return bad_realm(realm);
    return both(base_of(c, "authorization_server.listen", c.authorization_server.listen, *path),
                base_of(c, "mcp.listen", c.mcp_server.listen, *path));
}

std::variant<control_bases, usage_error> control_bases_of(std::string const& url,
                                                          std::string const& mcp_url,
                                                          std::string_view realm) {
    auto const path = realm_path(realm);
    if (!path) return bad_realm(realm);
    bool const same = mcp_url.empty();
    return both(base_of(url, "--url", *path),
                base_of(same ? url : mcp_url, same ? "--url" : "--mcp-url", *path));
}

}  // namespace tollgate
