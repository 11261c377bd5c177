#include "control/base64.hpp"

#include <openssl/evp.h>

namespace tollgate::control {

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.empty()) return std::string();
    std::string out(text.size() / 4 * 3, '\0');
    auto* const to = reinterpret_cast<unsigned char*>(out.data());
    auto const* const from = reinterpret_cast<unsigned char const*>(text.data());
    if (EVP_DecodeBlock(to, from, static_cast<int>(text.size())) < 0) return std::nullopt;
    // EVP_DecodeBlock counts the padding as bytes.
    std::size_t padding = 0;
    if (text.ends_with("=")) padding = text.ends_with("==") ? 2 : 1;
    out.resize(out.size() - padding);
    return out;
}

}  // namespace tollgate::control
