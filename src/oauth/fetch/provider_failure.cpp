#include "oauth/fetch/provider_failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>

#include "base/json.hpp"
#include "http/message/request.hpp"
#include "http/message/url.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

std::string sentence(provider_leg const& leg, std::string_view what) {
    std::string const keys = leg.key == "issuer" ? "" : " or upstream." + std::string(leg.key);
    return "The provider " + std::string(what) + " (" + std::string(leg.name) + ", " +
           std::string(leg.url) + "). Check upstream.issuer" + keys +
           ", and the provider's own log.";
}

problem refused(http::client_response const& a, json::object const& body, provider_leg const& leg,
                sent_secrets const& sent) {
    // Before the characters of a secret are changed, or it is cut in two.
    auto const said = [&](std::string_view name) {
        auto const text = text_member(body, name).value_or("");
        return printable(sent.taken_out(std::string(text)));
    };
    auto const error = said("error");
    auto const why = said("error_description");
    auto text = "The provider refused the " + std::string(leg.name) + ": " + error;
    if (!why.empty()) text += ": " + why;
    auto const status = a.status < 400 ? 400 : a.status;
    return with_retry(problem(status, error, text).log(text), a);
}

}  // namespace

problem provider_failed(provider_leg const& leg, std::string_view what) {
    auto const text = sentence(leg, what);
    return problem(502, "temporarily_unavailable", text).log(text);
}

problem with_retry(problem const& why, http::client_response const& a) {
    bool const later = a.status == 429 || a.status == 503;
    auto const told = later ? why.at(a.status) : why;
    auto const when = a.headers.get("Retry-After");
    return when.empty() ? told : told.with("Retry-After", std::string(when));
}

std::optional<std::string_view> error_in(json::object const& token_answer) {
    if (token_answer.contains("access_token")) return std::nullopt;
    auto const error = text_member(token_answer, "error");
    return error && !error->empty() ? error : std::nullopt;
}

std::string where_to(http::client_response const& a) {
    auto const to = http::split_url(a.headers.get("Location"));
    return to ? to->origin() : "elsewhere";
}

std::string type_of(http::client_response const& a) {
    auto const type = http::media_type(a.headers.get("Content-Type"));
    return type.empty() ? "a body without a Content-Type" : printable(type);
}

std::string printable(std::string_view text) {
    constexpr std::size_t most = 500;
    std::string kept;
    for (char const c : text.substr(0, most)) {
        bool const plain = c >= 0x20 && c <= 0x7E && c != '"' && c != '\\';
        kept += plain ? c : '?';
    }
    return kept;
}

problem no_endpoint(std::string_view what, std::string_view key) {
    auto const text = "The provider has no " + std::string(what) +
                      " that we know of: set upstream." + std::string(key) +
                      ", or an upstream.issuer that publishes it.";
    return problem(502, "server_error", text).log(text);
}

problem unreachable(provider_leg const& leg, boost::system::error_code why) {
    if (why == boost::asio::error::timed_out)
        return provider_failed(leg, "did not answer in time").at(504);
    if (why == boost::asio::error::message_size)
        return provider_failed(leg, "answered with too much");
    return provider_failed(leg, "cannot be reached: " + why.message());
}

outcome<json::object> read_answer(http_result const& got, provider_leg const& leg,
                                  sent_secrets const& sent) {
    if (!got) return unreachable(leg, got.error());
    auto const status = std::to_string(got->status);
    // Not followed: the request may carry our client secret.
    if (got->status >= 300 && got->status < 400)
        return provider_failed(
            leg, "answered with a redirect to " + where_to(*got) + ", which is not followed");
    if (got->status >= 500)
        return with_retry(provider_failed(leg, "answered with status " + status), *got);
    bool const json_type = says_json(got->headers.get("Content-Type"));
    boost::system::error_code ec;
    auto value = json_type ? json::parse(got->body, ec) : json::value();
    bool const object = json_type && !ec && value.is_object();
    if (object && error_in(value.get_object())) return refused(*got, value.get_object(), leg, sent);
    if (got->status != 200)
        return with_retry(
            provider_failed(leg, "answered with status " + status + " and no OAuth error"), *got);
    if (!json_type)
        return provider_failed(leg, "answered with " + type_of(*got) + " instead of JSON");
    if (!object) return provider_failed(leg, "answered with something that is no JSON object");
    return std::move(value.get_object());
}

}  // namespace tollgate::oauth
