// Kept sessions: MCP sessions in the store, so that they outlive the process.
#pragma once

#include <functional>

#include "mcp/session/session_keeper.hpp"
#include "store/store.hpp"

namespace tollgate {

// Thread-safe. Keys are digests: an id is a secret.
class kept_sessions final : public mcp::session_keeper {
public:
    // `s` must outlive it. `lasts`: whether a realm does; asked by any thread.
    kept_sessions(oauth::store& s, std::function<bool(http::realm const&)> lasts)
        : store_(s), lasts_(std::move(lasts)) {}

    bool keeps(http::realm const& r) const override { return lasts_(r); }
    task<outcome<void>> keep(http::realm_ptr r, std::shared_ptr<mcp::session> s,
                             time_point until) override;
    task<outcome<std::optional<mcp::kept_session>>> find(http::realm_ptr r,
                                                         std::string id) override;
    task<outcome<void>> forget(http::realm_ptr r, std::string id) override;
    task<outcome<void>> forget_all(http::realm_ptr r) override;

private:
    task<outcome<void>> write(std::string const& realm, mcp::session const& s, time_point until);

    oauth::store& store_;
    std::function<bool(http::realm const&)> const lasts_;
};

}  // namespace tollgate
