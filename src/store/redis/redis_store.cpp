#include "store/redis/redis_store.hpp"

#include "store/redis/opening.hpp"
#include "store/redis/ownership.hpp"

namespace tollgate::oauth {

namespace {

using redis::digits;
using redis::packed;
using redis::request;

constexpr std::string_view damaged = "a record is damaged";

// ARGV of a script that writes records, for each of them.
void append_records(std::vector<std::string>& to, realm_records const& all, redis::database& in,
                    bool as_they_are) {
    for (auto const& one : all) {
        bool const redeemed = as_they_are && one.record.redeemed;
        to.push_back(std::to_string(static_cast<unsigned>(one.kind)));
        to.push_back(one.key);
        to.push_back(packed(one.record, in.next_version(), redeemed));
        to.push_back(redis::due(one.record));
    }
}

outcome<void> result_of_change(redis::reply const& r) {
    auto const what = r.item(0);
    if (what == "none") return no_such_record();
    if (what == "conflict") return record_conflict("The key exists, or the record has changed.");
    if (what == "dead") return group_is_dead();
    return {};
}

std::size_t number_in_reply(redis::reply const& r) {
    return r.items.size() > 1 ? static_cast<std::size_t>(r.items[1].number) : 0;
}

class redis_store final : public store {
public:
    redis_store(std::unique_ptr<redis::session> s, tollgate::clock const& time,
                std::chrono::milliseconds sweeping)
        : session_(std::move(s)),
          in_(session_->in),
          clock_(time),
          sweeper_(session_->over, in_, times_, time, sweeping),
          owners_(session_->over, in_, session_->held, session_->name()) {
        session_->keep();
    }
    ~redis_store() override {
        sweeper_.end();
        owners_.release_all();
        session_->close();
    }

    task<outcome<void>> put(std::string_view realm, kind k, std::string_view key,
                            record r) override {
        realm_records one;
        one.push_back(kept_record{k, std::string(key), std::move(r)});
        co_return co_await put_all(realm, std::move(one));
    }
    task<outcome<void>> put_all(std::string_view name, realm_records all) override {
        std::string const realm(name);
        if (all.empty()) co_return outcome<void>();
        auto const held = in_.names().hold(realm);
        auto const named = co_await in_.name(realm);
        if (!named) co_return named.error();
        std::vector<std::string> arguments{digits(now(realm)), real_milliseconds()};
        append_records(arguments, all, in_, false);
        auto const keys = in_.keys(realm);
        auto named_keys = keys_of_each(keys, all);
        request r(keys.slot(), redis::put_script(), std::move(named_keys), std::move(arguments),
                  true);
        std::string where(realm);
        auto const done = co_await in_.write_in(std::move(where), std::move(r));
        if (!done) co_return done.error();
        co_return result_of_change(*done);
    }
    task<outcome<record>> get(std::string_view realm, kind k, std::string_view key) override {
        auto const at = now(realm);
        auto const keys = in_.keys(realm);
        std::vector<std::string> words{"HGET", keys.of(k), std::string(key)};
        request r(keys.slot(), std::move(words));
        auto const got = co_await in_.read(std::move(r));
        if (!got) co_return got.error();
        if (got->is == redis::reply::type::nothing) co_return no_such_record();
        auto found = redis::unpacked(got->text);
        if (!found) co_return store_unavailable().log(std::string(damaged));
        if (found->expires_at <= at) co_return no_such_record();
        co_return std::move(*found);
    }
    task<outcome<taken>> redeem(std::string_view realm, kind k, std::string_view key) override {
        auto const keys = in_.keys(realm);
        std::vector<std::string> hash{keys.of(k)};
        std::vector<std::string> arguments{std::string(key), digits(now(realm)),
                                           redis::digits(in_.next_version())};
        request r(keys.slot(), redis::redeem_script(), std::move(hash), std::move(arguments), true);
        std::string where(realm);
        auto const got = co_await in_.write_in(std::move(where), std::move(r));
        if (!got) co_return got.error();
        if (got->item(0) == "none") co_return no_such_record();
        auto found = redis::unpacked(got->item(1));
        if (!found) co_return store_unavailable().log(std::string(damaged));
        co_return taken(std::move(*found), got->item(0) == "first");
    }
    task<outcome<void>> replace(std::string_view realm, kind k, std::string_view key, record r,
                                std::uint64_t version) override {
        auto const keys = in_.keys(realm);
        std::vector<std::string> arguments{std::to_string(static_cast<unsigned>(k)),
                                           std::string(key),
                                           digits(now(realm)),
                                           real_milliseconds(),
                                           redis::digits(version),
                                           packed(r, in_.next_version(), false),
                                           redis::due(r)};
        request asked(keys.slot(), redis::replace_script(), keys_of_one(keys, k),
                      std::move(arguments), true);
        std::string where(realm);
        auto const done = co_await in_.write_in(std::move(where), std::move(asked));
        if (!done) co_return done.error();
        co_return result_of_change(*done);
    }
    task<outcome<void>> erase(std::string_view realm, kind k, std::string_view key) override {
        auto const keys = in_.keys(realm);
        std::vector<std::string> arguments{std::to_string(static_cast<unsigned>(k)),
                                           std::string(key)};
        request r(keys.slot(), redis::erase_script(), keys_of_one(keys, k), std::move(arguments),
                  true);
        std::string where(realm);
        auto const done = co_await in_.write_in(std::move(where), std::move(r));
        if (!done) co_return done.error();
        co_return outcome<void>();
    }
    task<outcome<std::size_t>> erase_group(std::string_view realm,
                                           std::string_view group) override {
        if (group.empty()) co_return std::size_t(0);
        auto const keys = in_.keys(realm);
        std::vector<std::string> arguments{std::string(group), digits(now(realm)),
                                           real_milliseconds(),
                                           redis::milliseconds_after(clock_.now() + dead_for)};
        request r(keys.slot(), redis::erase_group_script(), keys.all(), std::move(arguments), true);
        std::string where(realm);
        auto const done = co_await in_.write_in(std::move(where), std::move(r));
        if (!done) co_return done.error();
        co_return number_in_reply(*done);
    }
    task<outcome<std::size_t>> erase_kinds(std::string_view realm,
                                           std::vector<kind> kinds) override {
        auto const keys = in_.keys(realm);
        std::vector<std::string> arguments{digits(now(realm))};
        for (auto const k : kinds)
            arguments.push_back(std::to_string(static_cast<unsigned>(k)));
        request r(keys.slot(), redis::erase_kinds_script(), keys.all(), std::move(arguments), true);
        r.takes_long = true;
        std::string where(realm);
        auto const done = co_await in_.write_in(std::move(where), std::move(r));
        if (!done) co_return done.error();
        co_return number_in_reply(*done);
    }
    task<outcome<key_page>> page(std::string_view realm, kind k, std::string_view from) override {
        auto const at = in_.keys(realm);
        std::vector<std::string> hash{at.of(k)};
        std::vector<std::string> arguments{digits(now(realm)),
                                           from.empty() ? std::string("0") : std::string(from),
                                           std::to_string(keys_of_a_page)};
        request r(at.slot(), redis::page_script(), std::move(hash), std::move(arguments), false);
        auto const got = co_await in_.read(std::move(r));
        if (!got) co_return got.error();
        key_page some;
        for (std::size_t i = 1; i < got->items.size(); ++i)
            some.keys.push_back(got->items[i].text);
        if (got->item(0) != "0") some.next = got->item(0);
        co_return some;
    }
    task<outcome<std::size_t>> count(std::string_view realm, kind k) override {
        std::size_t n = 0;
        std::string from;
        do {
            auto const some = co_await page(realm, k, from);
            if (!some) co_return some.error();
            n += some->keys.size();
            from = some->next;
        } while (!from.empty());
        co_return n;
    }
    task<outcome<realm_records>> copy(std::string_view realm) override;
    task<outcome<std::vector<std::string>>> realms() override;
    task<outcome<void>> replace_all(std::string_view name, realm_records all) override {
        std::string const realm(name);
        auto const held = in_.names().hold(realm);
        auto const named = co_await in_.name(realm);
        if (!named) co_return named.error();
        std::vector<std::string> arguments;
        append_records(arguments, all, in_, true);
        auto const keys = in_.keys(realm);
        request r(keys.slot(), redis::replace_all_script(), keys.all(), std::move(arguments), true);
        r.takes_long = true;
        std::string where(realm);
        auto const done = co_await in_.write_in(std::move(where), std::move(r));
        if (!done) co_return done.error();
        co_return outcome<void>();
    }
    void keep_time(std::string_view realm, std::shared_ptr<time_shift const> by) override {
        times_.keep(realm, std::move(by));
    }
    time_point now(std::string_view realm) const override { return times_.at(realm, clock_.now()); }
    bool is_durable() const noexcept override { return true; }

    bool answers() const {
        return session_->over.is_allowed() && session_->over.is_open() && !in_.is_failing();
    }
    void begin_sweeping() { sweeper_.begin(); }
    realm_owners& owners() noexcept { return owners_; }

private:
    // Longer than any request may run: a put that races with the end of its group finds it.
    static constexpr std::chrono::hours dead_for{1};

    std::string real_milliseconds() const { return redis::milliseconds_before(clock_.now()); }
    // What every change of records needs, and room for so many kinds.
    static std::vector<std::string> shared_keys(redis::realm_keys const& keys, std::size_t kinds) {
        std::vector<std::string> all;
        all.reserve(3 + kinds);
        for (auto const* name : {"due", "members", "dead"})
            all.push_back(keys.of(name));
        return all;
    }
    static std::vector<std::string> keys_of_one(redis::realm_keys const& keys, kind k) {
        auto all = shared_keys(keys, 1);
        all.push_back(keys.of(k));
        return all;
    }
    static std::vector<std::string> keys_of_each(redis::realm_keys const& keys,
                                                 realm_records const& records) {
        auto all = shared_keys(keys, records.size());
        for (auto const& one : records)
            all.push_back(keys.of(one.kind));
        return all;
    }

    std::unique_ptr<redis::session> session_;
    redis::database& in_;
    tollgate::clock const& clock_;
    realm_times times_;
    redis::sweeper sweeper_;
    redis::ownership owners_;
};

task<outcome<realm_records>> redis_store::copy(std::string_view realm) {
    auto const keys = in_.keys(realm);
    request r(keys.slot(), redis::copy_script(), keys.kinds(), {}, false);
    r.takes_long = true;
    auto const got = co_await in_.read(std::move(r));
    if (!got) co_return got.error();
    realm_records all;
    for (std::size_t k = 0; k < got->items.size(); ++k) {
        auto const& found = got->items[k].items;
        for (std::size_t i = 0; i + 1 < found.size(); i += 2) {
            auto one = redis::unpacked(found[i + 1].text);
            if (!one) co_return store_unavailable().log(std::string(damaged));
            all.push_back(kept_record{static_cast<kind>(k), found[i].text, std::move(*one)});
        }
    }
    co_return all;
}

task<outcome<std::vector<std::string>>> redis_store::realms() {
    auto const named = co_await in_.named();
    if (!named) co_return named.error();
    std::vector<std::string> all;
    for (auto const& name : *named) {
        auto const has = co_await in_.has_records(name);
        if (!has) co_return has.error();
        if (*has) all.push_back(name);
    }
    co_return all;
}

}  // namespace

opened_store open_redis_store(redis_options o, tollgate::clock const& time) {
    auto session = redis::open_session(o);
    opened_store opened;
    opened.secret = session->secret;
    opened.key_check = session->key_check;
    opened.is_new = session->starts == "1";
    auto made = std::make_unique<redis_store>(std::move(session), time, o.sweeping);
    opened.answers = [s = made.get()] { return s->answers(); };
    opened.begin_sweeping = [s = made.get()] { s->begin_sweeping(); };
    opened.owners = &made->owners();
    opened.store = std::move(made);
    return opened;
}

}  // namespace tollgate::oauth
