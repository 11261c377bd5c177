#include "control/realms/journal_keeper.hpp"

#include <algorithm>
#include <utility>

#include "base/log/log.hpp"
#include "control/journal/journal.hpp"

namespace tollgate::control {

namespace {

// A record that has fewer bytes than that grows; none has more than the next one, but for a single
// event that has.
constexpr std::size_t full_batch = 16 << 10;
constexpr std::size_t largest_batch = 32 << 10;

problem events_not_kept(problem const& why) {
    return problem(503, "temporarily_unavailable",
                   "events of the journal could not be written down, and a restart would give "
                   "their numbers to others; try again")
        .with("Retry-After", "1")
        .log("store: " + why.error());
}

bool has_changed(journal const& j, kept_batch const& b) {
    auto const how = j.deliveries(b.pending);
    return std::ranges::any_of(how, [](delivery one) { return one != delivery::pending; });
}

// Records of events that the journal has no more.
void drop_pushed_out(journal const& j, kept_journal& kept) {
    auto const first = j.first();
    auto const last =
        std::ranges::find_if(kept.batches, [&](kept_batch const& b) { return b.end > first; });
    for (auto b = kept.batches.begin(); b != last; ++b)
        kept.useless.push_back(std::move(b->key));
    kept.batches.erase(kept.batches.begin(), last);
}

void drop_all(kept_journal& kept) {
    for (auto& b : kept.batches)
        kept.useless.push_back(std::move(b.key));
    kept.batches.clear();
    kept.set_until(1);
}

// Whether the last batch is written again with what comes behind it.
bool grows(kept_journal const& kept, std::uint64_t from) {
    return !kept.batches.empty() && kept.batches.back().end == from &&
           kept.batches.back().bytes < full_batch;
}

// That batch; without new events where it is full, or there is none.
event_batch grown(journal const& j, kept_journal const& kept, std::uint64_t from) {
    return grows(kept, from) ? j.batch(kept.batches.back().first, largest_batch) : event_batch();
}

}  // namespace

bool journal_keeper::has_news(http::realm const& r) {
    auto const& j = r.get<journal>();
    auto const& kept = r.get<kept_journal>();
    if (!j.on() || kept.is_over()) return false;
    return kept.until() < j.next() || kept.is_lost() || kept.has_unfinished();
}

task<outcome<void>> journal_keeper::keep(http::realm_ptr r, std::uint64_t until) {
    auto const& kept = r->get<kept_journal>();
    while (r->get<journal>().on() && (kept.until() < until || kept.is_lost())) {
        auto const done = co_await keep_news(r);
        if (!done) co_return done;
    }
    co_return outcome<void>();
}

task<outcome<void>> journal_keeper::keep_news(http::realm_ptr r) {
    auto const writes = [this, r] { return write(r); };
    auto const done = co_await flights_.run(r->name(), writes);
    if (!done) co_return events_not_kept(oauth::store_unavailable());
    co_return *done;
}

task<void> journal_keeper::settle(std::string realm) {
    auto const nothing = []() -> task<outcome<void>> { co_return outcome<void>(); };
    [[maybe_unused]] auto const done = co_await flights_.run(std::move(realm), nothing);
}

task<outcome<void>> journal_keeper::write(http::realm_ptr r) {
    auto& kept = r->get<kept_journal>();
    if (kept.is_over()) co_return events_not_kept(oauth::store_unavailable());
    if (kept.take_lost()) drop_all(kept);
    drop_pushed_out(r->get<journal>(), kept);
    auto done = co_await write_again(r);
    if (done) done = co_await write_new(r);
    if (done) done = co_await erase_useless(r);
    kept.note_unfinished();
    if (!done) co_return events_not_kept(done.error());
    co_return done;
}

// Those of which more is known now, but for the one that write_new() writes anyway.
task<outcome<void>> journal_keeper::write_again(http::realm_ptr r) {
    auto const& j = r->get<journal>();
    auto& kept = r->get<kept_journal>();
    bool const last_grows = kept.until() < j.next() && grows(kept, kept.until());
    auto const end = kept.batches.size() - (last_grows ? 1 : 0);
    for (std::size_t i = 0; i < end; ++i) {
        auto& b = kept.batches[i];
        if (!has_changed(j, b)) continue;
        auto again = j.batch(b.first, b.bytes);
        if (again.first != b.first || again.end() != b.end) {  // some were pushed out
            b.pending.clear();
            continue;
        }
        auto written = co_await put(r, std::move(again));
        if (!written) co_return written.error();
        kept.useless.push_back(std::exchange(b, std::move(*written)).key);
    }
    co_return outcome<void>();
}

task<outcome<void>> journal_keeper::write_new(http::realm_ptr r) {
    auto const& j = r->get<journal>();
    auto& kept = r->get<kept_journal>();
    auto const end = j.next();
    for (auto from = kept.until(); from < end;) {
        auto b = grown(j, kept, from);
        bool const grew = b.end() > from;
        if (!grew) b = j.batch(from, largest_batch);
        if (b.end() <= from) break;  // what there was is pushed out
        auto written = co_await put(r, std::move(b));
        if (!written) co_return written.error();
        if (grew) {
            kept.useless.push_back(std::move(kept.batches.back().key));
            kept.batches.pop_back();
        }
        from = written->end;
        kept.batches.push_back(std::move(*written));
        kept.set_until(from);
    }
    kept.set_until(std::max(end, kept.until()));
    co_return outcome<void>();
}

task<outcome<kept_batch>> journal_keeper::put(http::realm_ptr r, event_batch b) {
    auto& kept = r->get<kept_journal>();
    auto one = kept.record_of(b);
    if (kept.is_over()) co_return oauth::store_unavailable();
    auto const done = co_await store_.put(r->name(), one.kind, one.key, std::move(one.record));
    if (!done) co_return done.error();
    co_return kept_batch_of(std::move(one.key), b);
}

task<outcome<void>> journal_keeper::erase_useless(http::realm_ptr r) {
    auto& kept = r->get<kept_journal>();
    while (!kept.useless.empty()) {
        if (kept.is_over()) co_return oauth::store_unavailable();
        auto const done =
            co_await store_.erase(r->name(), oauth::kind::journal, kept.useless.back());
        if (!done) co_return done;
        kept.useless.pop_back();
    }
    co_return outcome<void>();
}

task<outcome<void>> journal_keeper::restore(http::realm& r) {
    if (!r.get<journal>().on()) co_return outcome<void>();
    auto keys = co_await oauth::all_keys(store_, r.name(), oauth::kind::journal);
    if (!keys) co_return keys.error();
    std::ranges::sort(*keys, kept_journal::comes_before);
    for (auto const& key : *keys) {
        auto const done = co_await read(r, key);
        if (!done) co_return done;
    }
    r.get<kept_journal>().set_until(r.get<journal>().next());
    co_return outcome<void>();
}

task<outcome<void>> journal_keeper::read(http::realm& r, std::string key) {
    auto& kept = r.get<kept_journal>();
    auto& j = r.get<journal>();
    kept.note_key(key);
    auto const found = co_await store_.get(r.name(), oauth::kind::journal, key);
    if (!found && found.error().status() != 404) co_return found.error();
    if (!found) co_return outcome<void>();
    auto const b = kept.batch_of(found->body);
    bool const is_new = b && b->end() > j.next();
    bool const is_read = b && j.restore(*b);
    if (is_new && is_read && !b->how.empty()) {
        kept.batches.push_back(kept_batch_of(std::move(key), *b));
        co_return outcome<void>();
    }
    kept.useless.push_back(std::move(key));
    if (is_read) co_return outcome<void>();
    log(log_level::warning, "not_restored",
        {{"realm", r.name()}, {"what", "journal"}, {"why", "events cannot be read"}});
    // Nobody gets their numbers again.
    event_batch behind;
    if (b) behind.first = b->end();
    j.restore(behind);
    co_return outcome<void>();
}

}  // namespace tollgate::control
