// Session keeper: where sessions are kept that outlive the process.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/realm/realm.hpp"
#include "mcp/session/session.hpp"

namespace tollgate::mcp {

struct kept_session {
    session::image image;
    time_point until;  // of the realm's clock: then it is over
};

// Thread-safe. What fails, fails with a problem of the store behind it.
class session_keeper {
public:
    virtual ~session_keeper() = default;

    // False: sessions of that realm end with the process.
    virtual bool keeps(http::realm const& r) const = 0;
    // As it is now, until that time of the realm's clock. A session that ends meanwhile is not
    // kept.
    virtual task<outcome<void>> keep(http::realm_ptr r, std::shared_ptr<session> s,
                                     time_point until) = 0;
    // Nothing when none of that id is kept.
    virtual task<outcome<std::optional<kept_session>>> find(http::realm_ptr r, std::string id) = 0;
    virtual task<outcome<void>> forget(http::realm_ptr r, std::string id) = 0;
    virtual task<outcome<void>> forget_all(http::realm_ptr r) = 0;
};

}  // namespace tollgate::mcp
