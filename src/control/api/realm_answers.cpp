#include "control/api/realm_answers.hpp"

#include <boost/json/array.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "control/realms/realm_names.hpp"
#include "http/message/url.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

constexpr std::string_view ways[] = {"path", "host", "port"};
constexpr isolation way_values[] = {isolation::path, isolation::host, isolation::port};

json::array control_urls(realm_urls const& urls) {
    json::array list;
    list.emplace_back(urls.issuer + "/control");
    if (urls.mcp_base != urls.issuer) list.emplace_back(urls.mcp_base + "/control");
    return list;
}

json::object describe(http::realm const& r, realm_urls const& urls, http::mcp_paths const& paths) {
    auto const& s = r.get<realm_state>();
    json::object o;
    o["name"] = r.name();
    o["issuer"] = urls.issuer;
    o["mcp"] = urls.mcp_base + paths.mcp;
    o["sse"] = urls.mcp_base + paths.sse;
    o["control"] = control_urls(urls);
    o["isolation"] = to_string(s.birth().way);
    o["scenario"] = s.current_scenario().name;
    auto const end = s.expires_at();
    o["expires_at"] = end ? json::value(rfc3339(*end)) : json::value(nullptr);
    return o;
}

}  // namespace

outcome<json::object> describe(http::realm const& r, http::place const& asked_at) {
    auto const urls = urls_of(r.name(), r.get<realm_state>().birth(), asked_at);
    if (!urls) return urls.error();
    return describe(r, *urls, asked_at.paths);
}

outcome<void> at_main_origin(context const& c) {
    auto const& birth = c.realm().get<realm_state>().birth();
    if (birth.way != isolation::port) return outcome<void>();
    auto const asked = http::split_url(c.place().as_origin);
    if (!asked || asked->port != birth.as_port) return outcome<void>();
    return problem(400, "invalid_request",
                   "this origin serves the realm \"" + c.realm().name() +
                       "\" alone; ask for realms at the server's own origin");
}

outcome<http::realm_ptr> named_realm(control_plane& p, context const& c) {
    auto const name = c.parameter("name");
    auto const realm = p.realms().look(name);
    if (realm && !realm->get<realm_state>().expired(c.real_now())) return realm;
    return problem(404, "unknown_realm",
                   "there is no realm \"" + tollgate::printable(name, 80) + '"');
}

std::optional<isolation> read_isolation(object_reader& in) {
    auto const i = in.choice("isolation", ways);
    return i ? std::optional(way_values[*i]) : std::nullopt;
}

std::optional<milliseconds> read_ttl(object_reader& in) {
    return in.duration("ttl", std::chrono::seconds(1), std::chrono::days(365));
}

}  // namespace tollgate::control::api
