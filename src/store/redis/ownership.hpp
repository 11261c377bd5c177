// Ownership of realms among the processes that use one prefix of Redis (store/ownership.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/ownership.hpp"
#include "store/redis/database.hpp"
#include "store/redis/membership.hpp"

namespace tollgate::oauth::redis {

class ownership final : public realm_owners {
public:
    // All must outlive it. `what`: the server and the prefix, for messages.
    ownership(link& over, database& in, membership& among, std::string what);
    ~ownership() override;

    task<outcome<realm_claim>> claim(std::string realm, bool sure) override;
    task<outcome<std::optional<instance>>> owner_of(std::string realm) override;
    task<void> release(std::string realm, bool forever) override;
    bool holds(std::string_view realm) const override;
    bool claims(std::string_view realm) const override;
    bool is_alive() const override { return link_.is_allowed(); }
    std::vector<instance> others() const override { return among_.others(); }
    task<outcome<std::vector<instance>>> others_now() override { return among_.look_around(); }
    bool lives(std::string_view id) const override { return among_.lives(id); }
    std::string const& id() const noexcept override { return among_.id(); }
    void announce(std::string address) override { among_.announce(std::move(address), what_); }
    void on_loss(std::function<void(std::string const& realm)> then) override;
    void release_all() override;

private:
    request claim_of(std::string const& realm, std::string const& instead) const;
    request release_of(std::string const& realm, std::string const& token, bool forever) const;
    realm_claim won(std::string const& realm, std::string token, std::uint64_t round);
    void lose(std::string const& realm);
    task<outcome<std::optional<instance>>> find(std::string id, bool sure);

    link& link_;
    database& database_;
    membership& among_;
    std::string const what_;
    std::mutex mutex_;
    std::function<void(std::string const&)> lost_;
};

}  // namespace tollgate::oauth::redis
