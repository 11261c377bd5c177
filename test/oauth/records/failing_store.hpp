// A store that breaks on demand, and counts what it is asked.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace test {

namespace oauth = tollgate::oauth;

// A store of which one call fails; the rest go through.
class failing_store final : public oauth::store {
public:
    explicit failing_store(std::unique_ptr<oauth::store> s) : inner_(std::move(s)) {}

    std::optional<oauth::kind> read_only;  // nothing of that kind can be changed
    std::atomic<std::size_t> calls{0};
    std::atomic<std::size_t> listings{0};  // page(), count(): look at all of a kind
    std::atomic<std::size_t> erased{0};    // records, by erase_group

    // Once, before the n-th call from now goes on.
    void before_call(int n, std::function<void()> what) {
        before_ = std::move(what);
        waits_ = n;
    }
    void before_next_call(std::function<void()> what) { before_call(1, std::move(what)); }

    void fail_at(int n) {
        calls_ = 0;
        doomed_ = n;
    }
    bool failed() const { return doomed_ != 0 && calls_ >= doomed_; }

    tollgate::task<tollgate::outcome<void>> put(std::string_view r, oauth::kind k,
                                                std::string_view key, oauth::record v) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->put(r, k, key, std::move(v));
    }
    tollgate::task<tollgate::outcome<void>> put_all(std::string_view r,
                                                    oauth::realm_records all) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->put_all(r, std::move(all));
    }
    tollgate::task<tollgate::outcome<oauth::record>> get(std::string_view r, oauth::kind k,
                                                         std::string_view key) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->get(r, k, key);
    }
    tollgate::task<tollgate::outcome<oauth::taken>> redeem(std::string_view r, oauth::kind k,
                                                           std::string_view key) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->redeem(r, k, key);
    }
    tollgate::task<tollgate::outcome<void>> replace(std::string_view r, oauth::kind k,
                                                    std::string_view key, oauth::record v,
                                                    std::uint64_t version) override {
        if (is_doomed() || read_only == k) co_return broken();
        co_return co_await inner_->replace(r, k, key, std::move(v), version);
    }
    tollgate::task<tollgate::outcome<void>> erase(std::string_view r, oauth::kind k,
                                                  std::string_view key) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->erase(r, k, key);
    }
    tollgate::task<tollgate::outcome<std::size_t>> erase_group(std::string_view r,
                                                               std::string_view group) override {
        if (is_doomed()) co_return broken();
        auto done = co_await inner_->erase_group(r, group);
        if (done) erased += *done;
        co_return done;
    }
    tollgate::task<tollgate::outcome<std::size_t>> erase_kinds(
        std::string_view r, std::vector<oauth::kind> kinds) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->erase_kinds(r, std::move(kinds));
    }
    tollgate::task<tollgate::outcome<oauth::key_page>> page(std::string_view r, oauth::kind k,
                                                            std::string_view from) override {
        if (is_doomed()) co_return broken();
        ++listings;
        co_return co_await inner_->page(r, k, from);
    }
    tollgate::task<tollgate::outcome<std::size_t>> count(std::string_view r,
                                                         oauth::kind k) override {
        if (is_doomed()) co_return broken();
        ++listings;
        co_return co_await inner_->count(r, k);
    }
    void keep_time(std::string_view r, std::shared_ptr<tollgate::time_shift const> by) override {
        inner_->keep_time(r, std::move(by));
    }
    tollgate::time_point now(std::string_view r) const override { return inner_->now(r); }
    tollgate::task<tollgate::outcome<oauth::realm_records>> copy(std::string_view r) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->copy(r);
    }
    tollgate::task<tollgate::outcome<void>> replace_all(std::string_view r,
                                                        oauth::realm_records all) override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->replace_all(r, std::move(all));
    }
    tollgate::task<tollgate::outcome<std::vector<std::string>>> realms() override {
        if (is_doomed()) co_return broken();
        co_return co_await inner_->realms();
    }
    bool is_durable() const noexcept override { return inner_->is_durable(); }

private:
    bool is_doomed() {
        if (waits_ > 0 && --waits_ == 0) std::exchange(before_, nullptr)();
        ++calls;
        return ++calls_ == doomed_;
    }
    static tollgate::problem broken() { return {503, "unavailable", "The store is away."}; }

    std::unique_ptr<oauth::store> inner_;
    std::atomic<int> calls_{0};  // since fail_at
    std::atomic<int> doomed_{0};
    std::function<void()> before_;
    std::atomic<int> waits_{0};
};

}  // namespace test
