#include "http/realm/former_names.hpp"

#include <algorithm>
#include <vector>

#include "http/message/url.hpp"

namespace tollgate::http {

namespace {

// Tunnels that are torn down and built anew all day; tokens of older ones have expired.
constexpr std::size_t most_remembered = 64;

void take_on(std::string& url, std::vector<std::string>& former, std::string const& next) {
    if (next == url) return;
    std::erase(former, url);
    former.push_back(url);
    // A name that comes back is no former one.
    std::erase(former, next);
    if (former.size() > most_remembered) former.erase(former.begin());
    url = next;
}

// The names of a server without a public URL: loopback (which place knows the aliases of), the
// allowed ones, and the realm's own host.
void add_local(std::vector<std::string>& bases, naming const& names, bool tls, unsigned short port,
               std::string_view realm, std::string const& path) {
    bases.push_back(make_origin(tls, "localhost", port) + path);
    for (auto const& host : names.allowed_hosts)
        bases.push_back(make_origin(tls, host, port) + path);
    if (path.starts_with("/r/"))
        bases.push_back(make_origin(tls, std::string(realm) + ".localhost", port));
}

}  // namespace

naming renamed(naming const& now, renaming const& wanted) {
    auto next = now;
    ++next.generation;
    if (wanted.as) take_on(next.as_public_url, next.former_as, *wanted.as);
    if (wanted.mcp) take_on(next.mcp_public_url, next.former_mcp, *wanted.mcp);
    return next;
}

std::shared_ptr<other_names const> names_of_before(naming const& names, listener_info const& l,
                                                   std::string_view realm,
                                                   std::string const& path) {
    if (names.former_as.empty() && names.former_mcp.empty()) return nullptr;
    auto made = std::make_shared<other_names>();
    for (auto const& url : names.former_as) {
        if (url.empty())
            add_local(made->issuers, names, l.tls, l.as_port, realm, path);
        else
            made->issuers.push_back(url + path);
    }
    for (auto const& url : names.former_mcp) {
        if (url.empty())
            add_local(made->mcp_bases, names, l.tls, l.mcp_port, realm, path);
        else
            made->mcp_bases.push_back(url + path);
    }
    return made;
}

std::shared_ptr<other_names const> names_besides(place const& p, std::string const& base,
                                                 std::string const& realm) {
    std::string const other = base.empty() ? "/r/" + realm : std::string();
    return std::make_shared<other_names const>(
        other_names{{p.as_origin + other}, {p.mcp_origin + other}});
}

}  // namespace tollgate::http
