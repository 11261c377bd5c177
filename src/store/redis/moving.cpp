// Bringing records that were taken out of another store.
#include <stdexcept>

#include "store/key_file.hpp"
#include "store/redis/opening.hpp"

namespace tollgate::oauth {

namespace {

using redis::request;

request on_lists(redis::session const& s, std::vector<std::string> words) {
    return {s.keys.slot(), std::move(words)};
}

std::vector<std::string> realms_there(redis::session& s) {
    std::vector<std::string> all;
    for (auto const& item : must(s, on_lists(s, {"ZRANGE", s.keys.of("realms"), "0", "-1"})).items)
        all.push_back(item.text);
    return all;
}

// Of an import that was interrupted.
void empty_realms(redis::session& s) {
    for (auto const& realm : realms_there(s)) {
        auto const keys = s.in.keys(realm);
        auto words = keys.all();
        words.insert(words.begin(), "DEL");
        must(s, {keys.slot(), std::move(words)});
        must(s, on_lists(s, {"ZREM", s.keys.of("realms"), realm}));
    }
}

void refuse_full(redis::session& s) {
    for (auto const& realm : realms_there(s)) {
        auto const keys = s.in.keys(realm);
        auto words = keys.kinds();
        words.insert(words.begin(), "EXISTS");
        if (must(s, {keys.slot(), std::move(words)}).number > 0)
            throw std::runtime_error(s.name() +
                                     " has records already; use a store.prefix that has none");
    }
}

void fill_realm(redis::session& s, std::string const& realm, realm_records const& records) {
    must(s, on_lists(s, {"ZINCRBY", s.keys.of("realms"), "1", realm}));
    std::vector<std::string> arguments;
    for (auto const& one : records) {
        arguments.push_back(std::to_string(static_cast<unsigned>(one.kind)));
        arguments.push_back(one.key);
        arguments.push_back(redis::packed(one.record, s.in.next_version(), one.record.redeemed));
        arguments.push_back(redis::due(one.record));
    }
    auto const keys = s.in.keys(realm);
    request r(keys.slot(), redis::replace_all_script(), keys.all(), std::move(arguments), true);
    r.takes_long = true;
    auto const done = must(s, std::move(r));
    if (done.item(0) != "done")
        throw std::runtime_error(s.name() + " took no records: " + shown(done));
}

void fill_session(redis::session& s, taken_out const& all) {
    auto const meta = s.keys.of("meta");
    bool const half = !must(s, on_lists(s, {"HGET", meta, redis::importing_field})).text.empty();
    if (half)
        empty_realms(s);
    else
        refuse_full(s);
    // Whoever opens it before the end is told so.
    must(s, on_lists(s, {"HSET", meta, redis::importing_field, "1"}));
    for (auto const& [realm, records] : all.realms)
        fill_realm(s, realm, records);
    must(s, on_lists(s, {"HDEL", meta, redis::importing_field}));
}

}  // namespace

void fill_redis_store(redis_options o, taken_out const& all) {
    if (!check_of_key_fits(o.key_file, all.key_check))
        throw std::runtime_error("store.key_file: " + o.key_file +
                                 " is not there, or not the key of the store that the records came "
                                 "from; copy that one here first");
    o.alone = true;
    auto const s = redis::open_session(o, true);
    try {
        s->keep();
        fill_session(*s, all);
    } catch (...) {
        s->close();
        throw;
    }
    s->close();
}

}  // namespace tollgate::oauth
