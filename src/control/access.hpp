// Access to the control plane: who may use it.
#pragma once

#include <string>
#include <string_view>

#include "http/limits/guess_limit.hpp"
#include "http/message/problem.hpp"
#include "http/message/request.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/layer.hpp"
#include "http/realm/place.hpp"

namespace tollgate::control {

struct access_options {
    bool enabled = true;         // control.enabled
    std::string token;           // control.token
    http::guess_bounds guesses;  // at a token that is short
};

// True when a proxy says that it passed the request on.
bool was_forwarded(http::request const& r) noexcept;
// True for localhost, 127.0.0.1, [::1] and NAME.localhost, with or without port.
bool is_loopback_host(std::string_view host);
// True when the request has an Origin that is not the very origin it was sent to.
bool is_cross_origin(http::request const& r, http::place const& where);

// 404 when control is off; 403 for another origin, whatever the method; with a token 401 without
// it, and 429 where too many wrong ones came for a token that can be guessed; without a token 403
// unless everything about the request is local. `guesses` is one for the whole server.
outcome<void> check_access(access_options const& o, http::guess_limit& guesses,
                           http::context const& c);

// Whether GET /metrics may be told: to who bears control.token, and on this machine to everybody
// whose request nobody forwarded. 401 where a token would do, else 403.
outcome<void> check_metrics_access(access_options const& o, http::request const& r);

// Does that for every route flagged http::control_plane.
http::layer access_layer(access_options o);

}  // namespace tollgate::control
