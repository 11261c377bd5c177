// The cryptographic helpers of `http`, under the names that this folder uses all the time.
#pragma once

#include "http/crypto.hpp"

namespace tollgate::oauth {

using http::base64url;
using http::digest_of;
using http::equal_in_constant_time;
using http::from_base64;
using http::from_base64url;
using http::random_token;
using http::sha256;
using http::to_base64;

}  // namespace tollgate::oauth
