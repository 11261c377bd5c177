#include "control/realms/realm_names.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "control/input/policy_patch.hpp"
#include "http/message/url.hpp"
#include "mcp/policy.hpp"

namespace tollgate::control {

namespace {

// All of them, the oldest first: what a server speaks that is not told otherwise.
std::vector<std::string> const& all_mcp_revisions() {
    static auto const all = mcp::policy().versions;
    return all;
}

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}

// The origin without the label of the realm by whose host the request came.
std::string plain_host(std::string const& host) {
    return host.ends_with(".localhost") ? "localhost" : host;
}

std::string origin_of(http::web_address const& asked, std::string const& realm_name,
                      realm_settings const& birth, unsigned short own_port) {
    auto const host = plain_host(asked.host);
    if (birth.way == isolation::host) {
        return http::make_origin(asked.tls, realm_name + ".localhost", asked.port);
    }
    if (birth.way == isolation::port) return http::make_origin(asked.tls, host, own_port);
    return http::make_origin(asked.tls, host, asked.port);
}

}  // namespace

bool is_local(std::string_view host) noexcept {
    return http::is_loopback_name(host) || http::is_localhost(host);
}

bool is_realm_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > 63 || name.front() == '-' || name.back() == '-') return false;
    return std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_run_name(std::string_view run) noexcept {
    if (run.empty() || run.size() > 64) return false;
    return std::ranges::all_of(run, [](char c) {
        return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_';
    });
}

// No run has a dot in its name.
std::string implicit_name(scenario const& s, std::string_view run, std::string_view revision) {
    auto name = "s." + path_form(s.name) + '.' + std::string(run);
    return revision.empty() ? name : name + '.' + std::string(revision);
}

bool is_mcp_revision(std::string_view text) noexcept {
    auto const& all = all_mcp_revisions();
    return std::ranges::find(all, text) != all.end();
}

std::size_t scenario_at_the_beginning(std::string_view rest) {
    std::size_t longest = 0;
    auto const look = [&](std::string_view name) {
        bool const whole =
            rest.starts_with(name) && (rest.size() == name.size() || rest[name.size()] == '/');
        if (whole) longest = std::max(longest, name.size());
    };
    for (auto const& s : all_scenarios()) {
        look(s.name);
        look(path_form(s.name));
        for (auto const& alias : s.aliases) {
            look(alias);
            look(path_form(alias));
        }
    }
    return longest;
}

// A server of before 2026-07-28 speaks what there was at its time.
policy_patch versions_of_cell(std::string_view revision) {
    boost::json::array versions;
    auto const& all = all_mcp_revisions();
    for (auto const& one : all)
        if (one == revision || (revision != all.back() && one < revision))
            versions.emplace_back(one);
    boost::json::object keys;
    keys["versions"] = std::move(versions);
    auto patch = read_policy_patch(keys, "", {});
    return patch ? std::move(*patch) : policy_patch();
}

std::string implicit_base(scenario const& s, std::string_view run) {
    return "/s/" + path_form(s.name) + '/' + std::string(run);
}

outcome<realm_urls> urls_of(std::string const& realm_name, realm_settings const& birth,
                            http::place const& asked_at) {
    auto const as = http::split_url(asked_at.as_origin);
    auto const mcp = http::split_url(asked_at.mcp_origin);
    if (!as || !mcp) return problem(500, "server_error", "this origin cannot be named");
    bool const by_name = birth.way == isolation::host || birth.way == isolation::port;
    if (by_name && (!is_local(as->host) || !is_local(mcp->host))) {
        return problem(400, "invalid_request",
                       "/isolation: \"" + std::string(to_string(birth.way)) +
                           "\" works on a loopback listener without public URL; use \"path\"");
    }
    realm_urls urls;
    urls.issuer = origin_of(*as, realm_name, birth, birth.as_port) + birth.base;
    urls.mcp_base = origin_of(*mcp, realm_name, birth, birth.mcp_port) + birth.base;
    return urls;
}

http::other_names all_names_of(http::realm const& r, http::place const& asked_at) {
    http::other_names all;
    auto const take = [&all](http::other_names const& more) {
        all.issuers.insert(all.issuers.end(), more.issuers.begin(), more.issuers.end());
        all.mcp_bases.insert(all.mcp_bases.end(), more.mcp_bases.begin(), more.mcp_bases.end());
    };
    auto birth = r.get<realm_state>().birth();
    auto const named = [&](isolation way, std::string base) {
        birth.way = way;
        birth.base = std::move(base);
        auto const urls = urls_of(r.name(), birth, asked_at);
        if (urls) take({{urls->issuer}, {urls->mcp_base}});
    };
    named(birth.way, birth.base);
    // At an origin of its own it answers by its name in the path as well.
    if (birth.as_port != 0) named(isolation::port, "/r/" + r.name());
    // Every named realm answers by path and by host.
    if (is_realm_name(r.name()) && birth.way != isolation::origin) {
        named(isolation::path, "/r/" + r.name());
        named(isolation::host, {});
    }
    if (r.kin()) take(*r.kin());
    if (asked_at.realm.get() == &r && asked_at.before) take(*asked_at.before);
    return all;
}

}  // namespace tollgate::control
