#include "control/faults/effects/templates.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "control/own_origin.hpp"
#include "http/message/http_date.hpp"
#include "http/message/url.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

// `replace` gives the text for a name, or nothing.
template <class Replace>
std::string replaced(std::string_view text, Replace replace) {
    std::string out;
    while (true) {
        auto const open = text.find('{');
        auto const close = open == text.npos ? text.npos : text.find('}', open);
        out += text.substr(0, close == text.npos ? text.size() : open);
        if (close == text.npos) return out;
        std::optional<std::string> const value = replace(text.substr(open + 1, close - open - 1));
        out += value ? *value : std::string(text.substr(open, close - open + 1));
        text.remove_prefix(close + 1);
    }
}

// Where the host of a URL is: from behind "://" to a port or a path.
std::pair<std::size_t, std::size_t> host_in(std::string const& url) {
    auto const scheme = url.find("://");
    auto const begin = scheme == url.npos ? 0 : scheme + 3;
    auto const end = url.find_first_of(":/", begin);
    return {begin, end == url.npos ? url.size() : end};
}

std::string with_upper_host(std::string url) {
    auto const [begin, end] = host_in(url);
    for (auto i = begin; i < end; ++i)
        if (url[i] >= 'a' && url[i] <= 'z') url[i] = static_cast<char>(url[i] - 'a' + 'A');
    return url;
}

// The root label of DNS: the same host, and another text.
std::string with_dotted_host(std::string url) {
    return url.insert(host_in(url).second, 1, '.');
}

std::string over_http(std::string url) {
    return url.starts_with("https://") ? "http" + url.substr(5) : url;
}

// Where the realm has a port of its own that one, also for who came by another way.
std::string own_as_origin(http::context const& c) {
    auto const& origin = c.place().as_origin;
    auto const port = c.realm().get<own_origin>().as_port;
    auto const asked = http::split_url(origin);
    return port == 0 || !asked ? origin : http::make_origin(asked->tls, asked->host, port);
}

std::optional<std::string> value_of_name(std::string_view name, http::context const& c) {
    auto const& p = c.place();
    if (name == "issuer") return p.issuer();
    if (name == "as_origin") return p.as_origin;
    if (name == "resource") return p.mcp_url();
    if (name == "mcp_origin") return p.mcp_origin;
    if (name == "mcp_issuer") return p.mcp_base();
    if (name == "metadata_url") return p.resource_metadata_url(p.mcp_path());
    if (name == "sse") return p.sse_url();
    if (name == "client_id") return c.facts().client_id;
    if (name == "realm") return c.realm().name();
    if (name == "own_origin") return own_as_origin(c);
    if (name == "ISSUER") return with_upper_host(p.issuer());
    if (name == "RESOURCE") return with_upper_host(p.mcp_url());
    if (name == "issuer_dot") return with_dotted_host(p.issuer());
    if (name == "issuer_http") return over_http(p.issuer());
    if (name == "metadata_url_http") return over_http(p.resource_metadata_url(p.mcp_path()));
    if (name == "long") return std::string(8192, 'x');
    if (name == "date_soon") {
        auto const soon = std::chrono::floor<std::chrono::seconds>(c.now()).time_since_epoch();
        return http::http_date(soon.count() + 5);
    }
    if (name == "refresh_token") {
        auto const form = http::form::parse(c.request().body);
        return form ? std::string(form->one("refresh_token").value_or("")) : std::string();
    }
    if (name == "random") return random_token(16);
    if (name == "utc") {  // "2027-01-15 08:00:00Z"
        auto text = rfc3339(c.now());
        std::ranges::replace(text, 'T', ' ');
        return text;
    }
    if (name == "now")
        return std::to_string(
            std::chrono::floor<std::chrono::seconds>(c.now()).time_since_epoch().count());
    return std::nullopt;
}

std::string text_of(json::value const& v) {
    auto const* text = v.if_string();
    return text ? std::string(*text) : json::serialize(v);
}

json::value text_with(std::string_view text, json::object const& parameters) {
    bool const alone = text.size() > 2 && text.front() == '{' && text.find('}') == text.size() - 1;
    if (alone)
        if (auto const* whole = parameters.if_contains(text.substr(1, text.size() - 2)))
            return *whole;
    auto const made = replaced(text, [&](std::string_view name) -> std::optional<std::string> {
        auto const* v = parameters.if_contains(name);
        return v ? std::optional<std::string>(text_of(*v)) : std::nullopt;
    });
    return json::string(made);
}

}  // namespace

std::string filled(std::string_view text, http::context const& c) {
    if (text.find('{') == text.npos) return std::string(text);
    return replaced(text, [&](std::string_view name) { return value_of_name(name, c); });
}

void fill(json::value& v, http::context const& c) {
    if (auto* text = v.if_string()) {
        if (std::string_view(*text).find('{') != std::string_view::npos) *text = filled(*text, c);
    } else if (auto* list = v.if_array()) {
        for (auto& one : *list)
            fill(one, c);
    } else if (auto* object = v.if_object()) {
        for (auto& member : *object)
            fill(member.value(), c);
    }
}

json::value with_parameters(json::value const& v, json::object const& parameters) {
    if (auto const* text = v.if_string()) return text_with(*text, parameters);
    if (auto const* list = v.if_array()) {
        json::array out;
        for (auto const& one : *list)
            out.push_back(with_parameters(one, parameters));
        return out;
    }
    if (auto const* object = v.if_object()) {
        json::object out;
        for (auto const& member : *object)
            out[member.key()] = with_parameters(member.value(), parameters);
        return out;
    }
    return v;
}

}  // namespace tollgate::control
