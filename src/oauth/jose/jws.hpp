// Compact JWS whose payload is JSON (RFC 7515 §3.1, RFC 7519 §7.2), taken apart.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "http/message/problem.hpp"

namespace tollgate::oauth {

struct jws_parts {
    std::string_view signed_bytes;  // "header.payload" as received: part of the token
    boost::json::object header;
    boost::json::object claims;
    std::string signature;
};

// Exactly three segments of canonical base64url, none empty; header and payload JSON objects.
// Problem 401 invalid_token whose log text says what is wrong. Nothing is verified.
outcome<jws_parts> split_jws(std::string_view token);

// The header's typ is this media type, with or without "application/" (RFC 7515 §4.1.9).
bool is_typ(boost::json::object const& header, std::string_view expected);

}  // namespace tollgate::oauth
