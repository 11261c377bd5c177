// Sealed texts that strangers carry for us: nobody else can read, change or make them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate {

// AES-256-GCM (NIST SP 800-38D). Thread-safe.
class sealer {
public:
    // A key of its own, made at random. What one such sealer sealed, only that very sealer opens:
    // nothing survives the process.
    sealer();
    // The key that HKDF-SHA256 (RFC 5869) makes of `secret` for `purpose`: whoever has both opens
    // it. An empty secret: as above.
    sealer(std::string_view secret, std::string_view purpose);
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

}  // namespace tollgate
