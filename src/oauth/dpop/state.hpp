// DPoP state of a realm: the proofs that were used, and what its nonces are made from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "oauth/dpop/proof.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

// The nonces of an authorization server and of a resource are different ones (RFC 9449 §9).
enum class dpop_side { authorization_server, resource };

// The proofs that were used and could be accepted again (RFC 9449 §11.1). Never forgets one of
// them: what has no room is refused. Not thread-safe.
class used_proofs {
public:
    enum class verdict {
        first_time,  // and remembered from now on
        replayed,
        from_before,  // made before the process began: nobody knows whether it was used
        full,         // not remembered: nobody could tell it from its repetition
    };
    used_proofs();
    used_proofs(used_proofs const& o);
    used_proofs(used_proofs&&) = default;
    used_proofs& operator=(used_proofs&&) = default;

    // `target`: method and path, in whose context a jti counts.
    verdict use(dpop_proof const& proof, std::string_view target, time_point now);
    std::size_t size() const noexcept { return seen_.size(); }

    static constexpr std::size_t most_proofs = 200'000;
    // Of one key, so that none can take the room of the others: 333 a second, minute by minute.
    static constexpr std::size_t most_of_a_key = 20'000;

private:
    using digest = std::array<unsigned char, 16>;
    struct hash {
        std::size_t operator()(digest const& d) const noexcept;
    };
    using counts = std::unordered_map<std::string, std::size_t>;
    struct row {
        digest proof;
        counts::value_type* of_key;
    };

    digest digest_of_use(dpop_proof const& proof, std::string_view target) const;
    void forget_until(std::int64_t second);

    std::string salt_;  // nobody can choose what the digests have in common
    std::unordered_set<digest, hash> seen_;
    counts by_key_;                                  // how many of each thumbprint
    std::map<std::int64_t, std::vector<row>> ends_;  // by the second after which it is refused
};

// Thread-safe.
class dpop_state {
public:
    dpop_state();

    // Takes note that a good proof was used at one side: called when nothing else is wrong with the
    // request's token or client, so that strangers leave no notes.
    used_proofs::verdict use(dpop_side side, dpop_proof const& proof, std::string_view target,
                             time_point now);

    // What was used before a restart is not known any more: of proofs that were made by then
    // (`now`), in the same second too, nobody can say that it is their first use. To be called
    // where tokens outlive the process and the proofs of them do not.
    void forget_what_was_before(time_point now);

    // The nonce of the moment: unpredictable, new every minute (§8.2), the same for everybody.
    std::string nonce(dpop_side side, time_point now) const;
    // That one, or the one before it.
    bool is_nonce(dpop_side side, std::string_view text, time_point now) const;

    // What was used at one moment. Not what nonces are made from: who has an old one tries again.
    struct image {
        used_proofs at_server;
        used_proofs at_resource;
    };
    image save() const;
    void load(image then);

private:
    std::string nonce_of(dpop_side side, long long minute) const;

    signing_key const secret_;
    mutable std::mutex mutex_;
    std::int64_t unknown_until_ = -1;  // this second, and those before it
    // Apart: anybody can be a client at /token, and only who has a token at a resource.
    used_proofs at_server_;
    used_proofs at_resource_;
};

}  // namespace tollgate::oauth
