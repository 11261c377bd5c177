// Texts that strangers carry for us: nobody else can read, change or make them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::http {

// AES-256-GCM (NIST SP 800-38D) under a key of its own, made at random. What one sealer sealed,
// only that very sealer opens: nothing survives the process. Thread-safe.
class sealer {
public:
    sealer();
    ~sealer();
    sealer(sealer const&) = delete;
    sealer& operator=(sealer const&) = delete;

    // base64url of nonce, ciphertext and tag. `bound` is not in it, but must be the same to open.
    std::string seal(std::string_view text, std::string_view bound) const;
    // Nothing when it was not sealed here, was changed, or was bound to something else.
    std::optional<std::string> open(std::string_view sealed, std::string_view bound) const;

private:
    std::array<unsigned char, 32> key_{};
};

}  // namespace tollgate::http
