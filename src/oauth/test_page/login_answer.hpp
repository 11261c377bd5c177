// Login answer at the callback of the test page: whose login it is, and whether it may be used.
#pragma once

#include <optional>
#include <string_view>

#include "http/pipeline/context.hpp"
#include "oauth/test_page/logins.hpp"
#include "oauth/test_page/view.hpp"

namespace tollgate::oauth {

// For http::cookie_name.
inline constexpr std::string_view test_page_cookie = "test-page";

// The login that the answer belongs to, which is used up by that; or why there is none.
std::optional<test_page_failure> recognise(http::context& c, http::form const& query,
                                           begun_login& into);
// Why the provider's answer to it cannot be used: another issuer, an error, no code. Pure.
std::optional<test_page_failure> unfit_answer(http::form const& query, begun_login const& login);

}  // namespace tollgate::oauth
