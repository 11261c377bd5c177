// Opening: the checks before a database of Redis is used, and what is held while it is.
#pragma once

#include <memory>
#include <string>

#include "store/redis/database.hpp"
#include "store/redis/link.hpp"
#include "store/redis/membership.hpp"
#include "store/redis/redis_store.hpp"
#include "store/redis/sweeper.hpp"

namespace tollgate::oauth::redis {

// The connections, the membership, and what belongs to the records below a prefix.
class session {
public:
    session(url server, redis_options const& o);

    // Renews the membership from here on, and writes down again whose records these are where a
    // server lost them.
    void keep();
    // Gives the membership back and ends the connections. Blocks.
    void close();

    // The server, as messages call it, and the prefix.
    std::string name() const;

    std::string const prefix;
    realm_keys const keys;  // of what belongs to no realm
    link over;
    database in;
    membership held;
    std::string secret;
    std::string key_check;
    std::string starts;  // how often these records were opened

    // One looks at a time whether there are records, and makes what there is not. Blocks.
    void begin_looking();
    void end_looking();

private:
    task<void> restore_meta();
};

// Those of a store that may be used, as one of those who use it. Throws std::runtime_error with a
// sentence. `half_is_fine`: an import that was interrupted is about to be done again.
std::unique_ptr<session> open_session(redis_options const& o, bool half_is_fine = false);

// The fields of the meta key.
inline constexpr char const* schema_version = "1";
inline constexpr char const* importing_field = "importing";

// Blocks; throws std::runtime_error where it cannot be done.
reply must(session& s, request r);

}  // namespace tollgate::oauth::redis
