// Scripts run in a server as the store has them run, and what they leave there.
#pragma once

#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/redis/protocol/layout.hpp"
#include "store/redis/protocol/script.hpp"
#include "store/redis/protocol/wire.hpp"
#include "store/store_bench.hpp"

namespace test::stores {

using words = std::vector<std::string>;

struct script_bench {
    std::string const prefix = redis_backend::next_prefix();
    redis::realm_keys const keys{prefix, "r"};
    redis::realm_keys const server_keys{prefix, server_wide};
    tollgate::time_point now{1'800'000'000s};  // of the realm
    std::string deadline = "99999999999999";

    static redis::reply ask(words const& all) {
        redis::reply_reader in;
        BOOST_REQUIRE(in.feed(redis_backend::server().ask(all)));
        auto got = in.next();
        BOOST_REQUIRE(got.has_value());
        return *got;
    }
    // "done, 2", or what the server has against it.
    static std::string said(redis::reply const& got) { return redis::shown(got); }

    static redis::reply run(redis::script const& what, words const& names, words const& arguments) {
        words all{"EVAL", what.text(), std::to_string(names.size())};
        all.insert(all.end(), names.begin(), names.end());
        all.insert(all.end(), arguments.begin(), arguments.end());
        return ask(all);
    }
    // The moment of the server's own clock, in milliseconds: what deadlines are held against.
    static long long real() {
        auto const t = ask({"TIME"});
        return std::stoll(t.items.at(0).text) * 1000 + std::stoll(t.items.at(1).text) / 1000;
    }

    static std::string number(kind k) { return std::to_string(static_cast<unsigned>(k)); }
    words one(kind k) const {
        return {keys.of("due"), keys.of("members"), keys.of("dead"), keys.of(k)};
    }

    std::string put(realm_records const& all, std::uint64_t version, words more_keys = {}) const {
        words names{keys.of("due"), keys.of("members"), keys.of("dead")};
        for (auto const& each : all)
            names.push_back(keys.of(each.kind));
        std::move(more_keys.begin(), more_keys.end(), std::back_inserter(names));
        words arguments{deadline, redis::digits(now), redis::milliseconds_before(now)};
        for (auto const& each : all)
            for (auto const& word :
                 {number(each.kind), each.key, redis::packed(each.record, version, false),
                  redis::due(each.record)})
                arguments.push_back(word);
        auto const got = run(redis::put_script(), names, arguments);
        return got.is_error() ? got.text : std::string(got.item(0));
    }
    std::string put(std::string const& key, record r, std::uint64_t version = 1) const {
        realm_records all;
        all.push_back(kept(kind::code, key, std::move(r)));
        return put(all, version);
    }
    std::string redeem(std::string const& key, std::uint64_t version) const {
        words const arguments{deadline, key, redis::digits(now), redis::digits(version)};
        return std::string(run(redis::redeem_script(), {keys.of(kind::code)}, arguments).item(0));
    }
    std::string replace(std::string const& key, record const& r, std::uint64_t old,
                        std::uint64_t version) const {
        words const arguments{deadline,
                              number(kind::code),
                              key,
                              redis::digits(now),
                              redis::milliseconds_before(now),
                              redis::digits(old),
                              redis::packed(r, version, false),
                              redis::due(r)};
        return said(run(redis::replace_script(), one(kind::code), arguments));
    }
    std::string erase_group(std::string const& group, std::chrono::milliseconds dead_for) const {
        words const arguments{deadline, group, redis::digits(now), redis::milliseconds_before(now),
                              redis::milliseconds_after(now + dead_for)};
        return said(run(redis::erase_group_script(), keys.all(), arguments));
    }
    std::string sweep(int most) const {
        words const arguments{deadline, redis::milliseconds_before(now), std::to_string(most),
                              redis::milliseconds_before(now)};
        return said(run(redis::sweep_script(), keys.all(), arguments));
    }

    // What stands there, used and expired or not.
    std::optional<record> there(std::string const& key, kind k = kind::code) const {
        auto const got = ask({"HGET", keys.of(k), key});
        return got.is == redis::reply::type::nothing ? std::nullopt : redis::unpacked(got.text);
    }
    std::string body(std::string const& key) const {
        auto const found = there(key);
        return found ? found->body : "(none)";
    }
    std::string members() const { return said(ask({"ZRANGE", keys.of("members"), "0", "-1"})); }
    std::string due() const { return said(ask({"ZRANGE", keys.of("due"), "0", "-1"})); }
    std::string dead() const { return said(ask({"ZRANGE", keys.of("dead"), "0", "-1"})); }

    record until(tollgate::time_point end, std::string group = "g") const {
        return {"x", std::move(group), end};
    }
};

}  // namespace test::stores
