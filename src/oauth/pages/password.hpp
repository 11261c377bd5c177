// Passwords of [[users]], where a person types one.
#pragma once

#include <string>
#include <string_view>

#include "http/pipeline/context.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// Why `password` is not taken for `u`, as a sentence for the person; empty when it is. RFC 6749
// §10.10: what people can remember, others can guess, if one lets them. `browser`: the cookie of a
// browser in which that user has logged in before; what strangers guess elsewhere does not shut it
// out. Empty: it is anybody at that address.
std::string wrong_password(server& s, http::context const& c, user const& u,
                           std::string_view password, std::string_view browser = {});

}  // namespace tollgate::oauth
