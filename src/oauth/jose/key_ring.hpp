// Key ring for signing tokens: keys made once per process and algorithm, exchanged realm by realm.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

// What every realm begins with. Tokens of two realms differ by issuer, audience and record, and
// making an RSA key for each of a thousand realms would cost a minute. Thread-safe.
class key_source {
public:
    explicit key_source(std::vector<signing_key> given);
    // Makes it when it was neither given nor asked for before: an RSA key takes about 50 ms.
    signing_key get(jws_algorithm a);

private:
    std::mutex mutex_;
    std::array<std::optional<signing_key>, algorithm_names.size()> keys_;
};

// The keys of one realm. Thread-safe.
class key_ring {
public:
    explicit key_ring(std::shared_ptr<key_source> source);

    // What signs now. Once it has been asked for, the key set holds it.
    signing_key current(jws_algorithm a);

    // The public keys that verify what this realm signed and what is still valid: of `offered`,
    // of whatever was signed with, and of those that were replaced and are not over at `now`.
    std::vector<boost::json::object> published(std::vector<jws_algorithm> const& offered,
                                               time_point now);

    // The same keys, ready to verify: for tokens of ours that come back.
    std::vector<verification_key> verifiers(std::vector<jws_algorithm> const& offered,
                                            time_point now);

    // From now on `fresh` sign in place of those of the same algorithm, which verify until
    // `until`. Problem 409 when most_retired old ones are still valid.
    outcome<void> replace(std::vector<signing_key> const& fresh, time_point now, time_point until);
    static constexpr std::size_t most_retired = 32;
    // Those that were replaced verify no longer.
    void drop_retired();
    // From now on `fresh` sign in place of those of the same algorithm, under their ids; the old
    // ones verify no longer.
    void replace_by_old_names(std::vector<signing_key> fresh);

    struct retired {
        signing_key key;
        time_point until;
    };
    // All keys of one moment.
    struct image {
        std::array<std::optional<signing_key>, algorithm_names.size()> keys;
        std::vector<retired> old;
    };
    image save() const;
    // Without those that the source has: what this ring does not share with others.
    image own() const { return own_of(save()); }
    image own_of(image all) const;
    void load(image then);

private:
    signing_key locked_current(jws_algorithm a);

    std::shared_ptr<key_source> source_;
    mutable std::mutex mutex_;
    std::array<std::optional<signing_key>, algorithm_names.size()> keys_;
    std::vector<retired> retired_;
};

}  // namespace tollgate::oauth
