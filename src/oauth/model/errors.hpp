// OAuth errors that an authorization server refuses with: immutable prototypes, one per error code,
// refined by copies (http::problem). The description goes on the wire, log() never does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "http/message/problem.hpp"

namespace tollgate::oauth::errors {

// RFC 6749 §5.2, and §4.1.2.1 where the authorization endpoint redirects with them.
inline problem const invalid_request(400, "invalid_request", "the request is malformed");
inline problem const invalid_grant(400, "invalid_grant",
                                   "the grant is unknown, expired, used, revoked or not yours");
inline problem const unauthorized_client(400, "unauthorized_client",
                                         "this client may not use this grant type");
inline problem const unsupported_grant_type(
    400, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token");
inline problem const invalid_scope(400, "invalid_scope",
                                   "a requested scope is unknown, malformed or not granted");
inline problem const access_denied(400, "access_denied", "the resource owner denied the request");
inline problem const unsupported_response_type(400, "unsupported_response_type",
                                               "response_type must be code");
inline problem const server_error(500, "server_error", "the server could not do this");
inline problem const temporarily_unavailable =
    problem(503, "temporarily_unavailable", "the server cannot do this at the moment")
        .with("Retry-After", "1");

// RFC 6749 §5.2. A 401 carries a challenge (RFC 9110 §15.5.2), whichever way the client tried.
inline problem const invalid_client =
    problem(401, "invalid_client", "client authentication failed")
        .with("WWW-Authenticate", "Basic realm=\"tollgate\", charset=\"UTF-8\"");

// RFC 8628 §3.5.
inline problem const authorization_pending(400, "authorization_pending",
                                           "the person has not decided yet; poll again");
inline problem const slow_down(400, "slow_down", "polled too soon; wait 5 seconds longer");
inline problem const expired_token(400, "expired_token", "the device_code has expired; begin anew");

// RFC 7009 §2.2.1.
inline problem const unsupported_token_type(400, "unsupported_token_type",
                                            "tokens of this type cannot be revoked here");

// RFC 8707 §2.
inline problem const invalid_target(400, "invalid_target",
                                    "the requested resource is malformed or not served here");

// OpenID Connect Core §3.1.2.6.
inline problem const login_required(400, "login_required", "the user is not logged in");
inline problem const consent_required(400, "consent_required",
                                      "the user has not agreed to this before");
inline problem const account_selection_required(400, "account_selection_required",
                                                "the user has to say which account is meant");
inline problem const request_not_supported(400, "request_not_supported",
                                           "request objects are not supported");
inline problem const request_uri_not_supported(400, "request_uri_not_supported",
                                               "request_uri is not supported");
inline problem const registration_not_supported(400, "registration_not_supported",
                                                "the registration parameter is not supported");

// RFC 7591 §3.2.2.
inline problem const invalid_redirect_uri(400, "invalid_redirect_uri",
                                          "a redirect URI is not acceptable");
inline problem const invalid_client_metadata(400, "invalid_client_metadata",
                                             "the client metadata is not acceptable");

inline problem const invalid_software_statement(400, "invalid_software_statement",
                                                "software_statement is not a signed JWT");
inline problem const unapproved_software_statement(
    400, "unapproved_software_statement",
    "no software statement is approved here; send the metadata itself");

// A value that was sent, or may be, as it can stand in a description: bounded, and without the
// quotes and backslashes that RFC 6749 §5.2 keeps out of one.
inline std::string told_value(std::string_view text, std::size_t limit = 200) {
    auto shown = tollgate::printable(text, limit);
    for (auto& c : shown) {
        if (c == '"' || c == '\\') c = '\'';
    }
    return shown;
}

// "a, b, c": what could have been sent instead. At most so many, each bounded.
inline std::string told_values(std::vector<std::string> const& values,
                               std::string_view joint = ", ", std::size_t most = 20) {
    std::string all;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) all += joint;
        if (i == most) return all + "...";
        all += told_value(values[i]);
    }
    return all;
}

// The log says at least what the wire says.
inline problem explained(problem const& p) {
    return p.log_text().empty() ? p.log(p.description()) : p;
}

}  // namespace tollgate::oauth::errors
