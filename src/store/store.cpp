#include "store/store.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tollgate::oauth {

std::vector<kind> all_kinds() {
    std::vector<kind> all;
    for (auto const& row : kind_table)
        all.push_back(row.kind);
    return all;
}

std::vector<kind> kinds_of_logins() {
    std::vector<kind> some;
    for (auto const& row : kind_table)
        if (!row.outlives_reset) some.push_back(row.kind);
    return some;
}

task<outcome<std::vector<std::string>>> all_keys(store& s, std::string realm, kind k) {
    std::vector<std::string> all;
    std::string from;
    do {
        auto some = co_await s.page(realm, k, from);
        if (!some) co_return some.error();
        std::ranges::move(some->keys, std::back_inserter(all));
        from = std::move(some->next);
    } while (!from.empty());
    std::ranges::sort(all);
    auto const twice = std::ranges::unique(all);
    all.erase(twice.begin(), twice.end());
    co_return all;
}

problem no_such_record() {
    return {404, "not_found", "There is no such record."};
}
problem record_conflict(std::string why) {
    return {409, "conflict", std::move(why)};
}
problem group_is_dead() {
    return {409, "group_dead", "A family or client that this record belongs to was revoked."};
}
problem store_unavailable() {
    return {503, "unavailable", "The store cannot be reached."};
}

}  // namespace tollgate::oauth
