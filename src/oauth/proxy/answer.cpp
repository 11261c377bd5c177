#include "oauth/proxy/answer.hpp"

#include <optional>

#include <boost/json/parse.hpp>

#include "http/message/request.hpp"
#include "oauth/proxy/headers.hpp"

namespace tollgate::oauth {

namespace {

// RFC 9701, OpenID Connect Core §5.3.2: answers that are signed.
bool says_jwt(std::string_view type) {
    return type == "application/jwt" ||
           (type.starts_with("application/") && type.ends_with("+jwt"));
}

// RFC 9110 §12.5.3: nobody asked for it, and what is coded cannot be looked into.
bool is_coded(http::client_response const& a) {
    auto const coding = a.headers.get("Content-Encoding");
    return !coding.empty() && !http::iequals(coding, "identity");
}

std::optional<boost::json::object> object_in(std::string const& body) {
    boost::system::error_code ec;
    auto value = boost::json::parse(body, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

http::reply whole(http::client_response const& a) {
    http::reply r(a.status);
    r.headers = headers_for_client(a.headers);
    r.body = a.body;
    return r;
}

// RFC 6749 §5.2: an error has status 400, whatever the provider gave it. §5.1: nothing of a token
// endpoint is kept.
http::reply json_answer(http::client_response const& a, provider_leg const& leg,
                        boost::json::object const& body) {
    auto r = whole(a);
    if (leg.key != "token_endpoint") return r;
    if (a.headers.get("Cache-Control").find("no-store") == std::string_view::npos)
        r.headers.set("Cache-Control", "no-store");
    if (a.status < 300 && error_in(body)) r.status = 400;
    return r;
}

http::reply without_body(http::client_response const& a) {
    auto r = whole(a);
    r.body.clear();
    for (auto const* name : {"Content-Type", "Content-Encoding", "Content-Language", "ETag"})
        r.headers.erase(name);
    return r;
}

problem unusable(http::client_response const& a, provider_leg const& leg) {
    auto const status = std::to_string(a.status);
    if (a.status < 400 && a.body.empty()) return provider_failed(leg, "answered without a body");
    if (a.status < 400)
        return provider_failed(leg, "answered with " + type_of(a) + " instead of JSON");
    return with_retry(
        provider_failed(leg, "answered with status " + status + " and no OAuth error"), a);
}

}  // namespace

outcome<http::reply> passed_on(http_result const& got, provider_leg const& leg,
                               bool body_is_ignored) {
    if (!got) return unreachable(leg, got.error());
    // RFC 9110 §15.4: followed, it would carry credentials to a place that nobody proved.
    if (got->status >= 300 && got->status < 400)
        return provider_failed(leg, "answered with a redirect to " + where_to(*got) +
                                        ", which is neither followed nor passed on");
    bool const empty = got->body.empty();
    if (is_coded(*got) && !empty)
        return provider_failed(leg, "answered with a Content-Encoding that nobody asked for");
    auto const type = http::media_type(got->headers.get("Content-Type"));
    if (says_json(type) && !empty) {
        auto const body = object_in(got->body);
        if (!body) return provider_failed(leg, "answered with something that is no JSON object");
        return json_answer(*got, leg, *body);
    }
    if (says_jwt(type) && !empty) return whole(*got);
    bool const challenge = got->status == 401 || got->status == 403;
    if (challenge || (body_is_ignored && got->status < 300)) return without_body(*got);
    return unusable(*got, leg);
}

}  // namespace tollgate::oauth
