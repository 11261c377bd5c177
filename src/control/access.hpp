// Access to the control plane: who may use it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "control/page_sessions.hpp"
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
    std::string shared_key;      // of several instances that are one server; empty: there is one
};

// True when a proxy says that it passed the request on.
bool was_forwarded(http::request const& r) noexcept;
// True for localhost, 127.0.0.1, [::1] and NAME.localhost, with or without port.
bool is_loopback_host(std::string_view host);
// True when the request has an Origin that is not the very origin it was sent to.
bool is_cross_origin(http::request const& r, http::place const& where);

// The name of the routes of the dashboard, which asks for the token itself.
inline constexpr std::string_view page_endpoint = "ui";

// Who may use the control plane: the rules, the wrong guesses at the token, and the browsers that
// have shown it. One for the whole server. Thread-safe.
class access_control {
public:
    // `time` must outlive it: the real one, whatever a realm takes for now.
    access_control(access_options o, tollgate::clock const& time)
        : rules_(std::move(o)),
          time_(time),
          guesses_(rules_.guesses),
          sessions_(time, rules_.shared_key) {}

    // 404 when control is off; 403 for another origin, whatever the method; with a token 401 for
    // who has neither it nor the session of a browser, and 429 where too many wrong ones came for a
    // token that can be guessed; without a token 403 unless everything about the request is local.
    // Of the dashboard: all but the token.
    outcome<void> check(http::context const& c);

    // Whether the dashboard is for those alone who show the token.
    bool has_token() const noexcept { return !rules_.token.empty(); }
    // Whether the request has the cookie of a browser that is logged in.
    bool is_logged_in(http::context const& c);
    // A new session for who shows the token: the Set-Cookie value. 401, or 429 as above.
    outcome<std::string> log_in(http::context const& c, std::string_view token);
    // Ends the session of this browser: the Set-Cookie value that drops the cookie.
    std::string log_out(http::context const& c);

private:
    outcome<void> check_guess(http::context const& c, bool right);
    outcome<void> check_token(http::context const& c);

    access_options const rules_;
    tollgate::clock const& time_;
    http::guess_limit guesses_;
    page_sessions sessions_;
};

// Whether GET /metrics may be told: to who bears control.token, and on this machine to everybody
// whose request nobody forwarded. 401 where a token would do, else 403.
outcome<void> check_metrics_access(access_options const& o, http::request const& r);

// Checks every route flagged http::control_plane.
http::layer access_layer(std::shared_ptr<access_control> access);

}  // namespace tollgate::control
