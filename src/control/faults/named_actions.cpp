#include "control/faults/named_actions.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tollgate::control::named_actions {

namespace json = boost::json;

namespace {

action text(unsigned status, std::string body) {
    action a;
    a.answer = action::answer::canned;
    a.status = status;
    a.headers.add("Content-Type", "text/plain; charset=utf-8");
    a.headers.add("Cache-Control", "no-store");
    a.body = std::move(body);
    return a;
}

// RFC 6749 §5.2: JSON, never cached.
action oauth_error(unsigned status, std::string_view error, std::string_view description) {
    json::object body;
    body["error"] = error;
    body["error_description"] = description;
    action a;
    a.answer = action::answer::canned;
    a.status = status;
    a.headers.add("Content-Type", "application/json");
    a.headers.add("Cache-Control", "no-store");
    a.headers.add("Pragma", "no-cache");
    a.body = json::serialize(body);
    return a;
}

// A change to a successful JSON answer.
action patched(std::string_view member, json::value value) {
    json::object patch;
    patch[member] = std::move(value);
    action a;
    a.merge_patch = std::move(patch);
    a.only = answers::success;
    return a;
}

action with_retry(action a, object_reader& params) {
    auto const seconds = params.integer("retry_after", 0, 86'400);
    a.headers.add("Retry-After", std::to_string(seconds.value_or(1)));
    return a;
}

}  // namespace

action dead_grant(object_reader&) {
    return oauth_error(400, "invalid_grant", "the grant is invalid, expired or revoked");
}
action forgotten_client(object_reader&) {
    auto a = oauth_error(401, "invalid_client", "no such client");
    a.headers.add("WWW-Authenticate", "Basic realm=\"tollgate\"");  // RFC 9110 §15.5.2
    return a;
}
action server_error(object_reader&) {
    return text(500, "Internal Server Error\n");
}
action unavailable(object_reader& p) {
    return with_retry(text(503, "Service Unavailable\n"), p);
}
action too_many(object_reader& p) {
    return with_retry(text(429, "Too Many Requests\n"), p);
}
action absent(object_reader&) {
    return text(404, "Not Found\n");
}
action closed_registration(object_reader&) {
    return oauth_error(403, "access_denied", "registration is not open to this client");
}
action no_refresh(object_reader&) {
    return patched("refresh_token", nullptr);
}
action no_expiry(object_reader&) {
    return patched("expires_in", nullptr);
}
action overstated_expiry(object_reader& params) {
    auto const seconds = params.integer("seconds", 0, 31'536'000);
    return patched("expires_in", seconds.value_or(3600));
}
action foreign_issuer(object_reader&) {
    return patched("issuer", "https://issuer.example");
}
action no_pkce(object_reader&) {
    return patched("code_challenge_methods_supported", nullptr);
}
action foreign_resource(object_reader&) {
    return patched("resource", "https://resource.example/mcp");
}
action no_servers(object_reader&) {
    return patched("authorization_servers", nullptr);
}
action rejected_token(object_reader&) {
    action a;
    a.answer = action::answer::invalid_token;
    return a;
}
action forbidden(object_reader& params) {
    action a;
    a.answer = action::answer::insufficient_scope;
    auto const scope = params.text("scope");
    std::string_view rest(scope ? *scope : std::string_view());
    while (!rest.empty()) {
        auto const end = rest.find(' ');
        if (end != 0) a.scopes.emplace_back(rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return a;
}

}  // namespace tollgate::control::named_actions
