// Cookies of our pages (RFC 6265): read, named and set in one way.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/message/request.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::http {

// Whether the browser speaks https: to us, or to whoever stands in front of us under our public
// URL. Who calls by a loopback name stands on this side of it.
bool over_tls(context const& c);

// The value of the first cookie of that name, as it was sent.
std::optional<std::string_view> cookie_value(request const& r, std::string_view name);

// The name for `purpose` here: one per realm and issuer, because cookies know neither ports nor
// paths as borders. With https it has the prefix that pins it to this very host (RFC 6265bis
// §4.1.3.2).
std::string cookie_name(context const& c, std::string_view purpose);

// A Set-Cookie value: HttpOnly, SameSite=Lax, for the realm's base; Secure with https. Without
// `lives` the browser forgets it when it closes. `name` is one of cookie_name; `value` must be
// base64url or the like.
std::string set_cookie(context const& c, std::string_view name, std::string_view value,
                       std::optional<std::chrono::seconds> lives = {});
// Takes it back.
std::string drop_cookie(context const& c, std::string_view name);

}  // namespace tollgate::http
