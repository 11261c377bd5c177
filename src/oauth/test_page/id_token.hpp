// The id_token of a login of the test page. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "oauth/test_page/logins.hpp"

namespace tollgate::oauth {

// What OpenID Connect Core §3.1.3.7 finds wrong with an id_token that came straight from the token
// endpoint, whose TLS stands for its signature: a sentence, or nothing.
std::optional<std::string> id_token_flaw(std::string_view token, begun_login const& login,
                                         time_point now);
// Its `sub`; empty when it has none.
std::string id_token_subject(std::string_view token);

}  // namespace tollgate::oauth
