// Kept keys: signing keys in a store that outlives the process, sealed, so that what was signed
// before a restart verifies after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sealer.hpp"
#include "base/task.hpp"
#include "oauth/jose/key_ring.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

// Thread-safe. Fails with 503 as the store does, and with 500 "server_error" for a record that is
// damaged or was sealed with another secret.
class key_keeper {
public:
    // `s` must outlive it. `secret` is the one that came with the store.
    key_keeper(store& s, std::string_view secret) : store_(s), sealer_(secret, "signing keys") {}

    // What every realm begins with: one of each algorithm, made when they are first asked for.
    task<outcome<std::vector<signing_key>>> first_keys();

    // What a realm has instead of those, now and when it was last kept.
    task<outcome<void>> keep(std::string realm, key_ring const& ring);
    task<outcome<std::optional<key_ring::image>>> find(std::string realm);
    // The record of `keep`, to be written along with others.
    kept_record record_of(std::string const& realm, key_ring::image const& own) const;

private:
    std::string sealed(std::string_view realm, key_ring::image const& all) const;
    outcome<key_ring::image> opened(std::string_view realm, std::string_view body) const;

    store& store_;
    sealer const sealer_;
};

}  // namespace tollgate::oauth
