// Base64 of Basic credentials (RFC 4648 §4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollgate::control {

// Nothing when `text` is not base64 with its padding.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace tollgate::control
