#include "oauth/records/troubled_store.hpp"

#include <utility>

namespace tollgate::oauth {

namespace {

problem nothing_there() {
    return {404, "not_found", ""};
}

class troubled_store final : public store {
public:
    troubled_store(store& behind, store_trouble what) : behind_(behind), what_(what) {}

    task<outcome<void>> put(std::string_view realm, kind k, std::string_view key,
                            record r) override {
        if (what_.writes_fail) co_return store_unavailable();
        if (what_.writes_lost) co_return outcome<void>();
        co_return co_await behind_.put(realm, k, key, std::move(r));
    }
    task<outcome<void>> put_all(std::string_view realm, realm_records all) override {
        if (what_.writes_fail) co_return store_unavailable();
        if (what_.writes_lost) co_return outcome<void>();
        co_return co_await behind_.put_all(realm, std::move(all));
    }
    task<outcome<record>> get(std::string_view realm, kind k, std::string_view key) override {
        if (what_.reads_fail) co_return store_unavailable();
        if (what_.reads_empty) co_return nothing_there();
        co_return co_await behind_.get(realm, k, key);
    }
    // Reads and writes: where the writing is lost, the next one is the first again.
    task<outcome<taken>> redeem(std::string_view realm, kind k, std::string_view key) override {
        if (what_.reads_fail || what_.writes_fail) co_return store_unavailable();
        if (what_.reads_empty) co_return nothing_there();
        if (!what_.writes_lost) co_return co_await behind_.redeem(realm, k, key);
        auto found = co_await behind_.get(realm, k, key);
        if (!found) co_return found.error();
        bool const first = !found->redeemed;
        co_return taken(std::move(*found), first);
    }
    task<outcome<void>> replace(std::string_view realm, kind k, std::string_view key, record r,
                                std::uint64_t version) override {
        if (what_.writes_fail) co_return store_unavailable();
        if (what_.writes_lost) co_return outcome<void>();
        co_return co_await behind_.replace(realm, k, key, std::move(r), version);
    }
    task<outcome<void>> erase(std::string_view realm, kind k, std::string_view key) override {
        if (what_.writes_fail) co_return store_unavailable();
        if (what_.writes_lost) co_return outcome<void>();
        co_return co_await behind_.erase(realm, k, key);
    }
    task<outcome<std::size_t>> erase_group(std::string_view realm,
                                           std::string_view group) override {
        if (what_.writes_fail) co_return store_unavailable();
        if (what_.writes_lost) co_return outcome<std::size_t>(0);
        co_return co_await behind_.erase_group(realm, group);
    }
    task<outcome<std::size_t>> erase_kinds(std::string_view realm,
                                           std::vector<kind> kinds) override {
        if (what_.writes_fail) co_return store_unavailable();
        if (what_.writes_lost) co_return outcome<std::size_t>(0);
        co_return co_await behind_.erase_kinds(realm, std::move(kinds));
    }
    task<outcome<key_page>> page(std::string_view realm, kind k, std::string_view from) override {
        if (what_.reads_fail) co_return store_unavailable();
        co_return co_await behind_.page(realm, k, from);
    }
    task<outcome<std::size_t>> count(std::string_view realm, kind k) override {
        if (what_.reads_fail) co_return store_unavailable();
        co_return co_await behind_.count(realm, k);
    }

    // The clock and the whole of a realm are the control plane's, which has no trouble.
    void keep_time(std::string_view realm, std::shared_ptr<time_shift const> by) override {
        behind_.keep_time(realm, std::move(by));
    }
    time_point now(std::string_view realm) const override { return behind_.now(realm); }
    task<outcome<realm_records>> copy(std::string_view realm) override {
        return behind_.copy(realm);
    }
    task<outcome<void>> replace_all(std::string_view realm, realm_records records) override {
        return behind_.replace_all(realm, std::move(records));
    }
    task<outcome<std::vector<std::string>>> realms() override { return behind_.realms(); }
    bool is_durable() const noexcept override { return behind_.is_durable(); }

private:
    store& behind_;
    store_trouble const what_;
};

}  // namespace

std::unique_ptr<store> make_troubled_store(store& behind, store_trouble what) {
    return std::make_unique<troubled_store>(behind, what);
}

}  // namespace tollgate::oauth
