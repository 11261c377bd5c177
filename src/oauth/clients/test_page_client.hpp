// Test page client: the client that the test page is for our own authorization server.
#pragma once

#include <string_view>

#include "http/realm/place.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

inline constexpr std::string_view test_page_client_id = "tollgate-test-page";

// Below a realm's base.
inline constexpr std::string_view test_page_path = "/oauth";
inline constexpr std::string_view test_page_login_path = "/oauth/login";
inline constexpr std::string_view test_page_callback_path = "/oauth/callback";

// Where the answer of a login comes back to.
std::string test_page_redirect_uri(http::place const& here);

// Public, and known for that very redirect URI alone. In no store and in no list: it can be neither
// changed nor removed.
client test_page_client(http::place const& here);

}  // namespace tollgate::oauth
