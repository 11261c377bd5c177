// A bearer-protected echo: the stand-in for an API behind the MCP server. It answers what it was
// sent in the shape of httpbin's /anything.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "oauth/server/endpoints.hpp"
#include "oauth/tokens/echo_api.hpp"
#include "oauth/tokens/live_token.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// The credentials arrived, which is what the caller wants to see; they need not go back.
std::string shown_value(http::header_view const& h) {
    bool const secret = http::iequals(h.name, "Authorization") || http::iequals(h.name, "Cookie");
    if (!secret) return tollgate::printable(h.value);
    auto rest = h.value;
    return tollgate::printable(next_part(rest, ' ')) + " ***";
}

json::object arguments(http::form const& query) {
    json::object args;
    for (auto const& [name, value] : query)
        args[name] = value;
    for (auto const& name : query.without_value())
        args.emplace(name, "");
    return args;
}

}  // namespace

outcome<http::reply> echo(http::context& c, std::string_view subject) {
    auto const query = c.query();
    if (!query) return query.error();
    json::object headers;
    for (auto const& h : c.request().headers)
        headers[h.name] = shown_value(h);
    json::object told;
    told["args"] = arguments(**query);
    told["headers"] = std::move(headers);
    told["method"] = c.request().method_text;
    told["url"] = c.place().issuer_here() + std::string(c.path());
    told["subject"] = subject;
    auto r = http::json_reply(200, json::serialize(told));
    r.headers.set("Cache-Control", "no-store");
    return r;
}

endpoint_result anything_endpoint(server& s, http::context& c) {
    auto const token = co_await presented_token(s, c);
    if (!token) co_return token.error();
    co_return echo(c, token->grant.subject);
}

}  // namespace tollgate::oauth
