#include "mcp/session/call_table.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

namespace tollgate::mcp {

std::string id_text(json::value const& id) {
    return json::serialize(id);
}

call_table::added call_table::add(std::vector<std::string> const& ids,
                                  std::weak_ptr<in_flight> const& what) {
    std::lock_guard const hold(lock_);
    if (sealed_) return added::over;
    if (calls_.size() + ids.size() > most_) return added::too_many;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        // All of a batch, or none of it.
        if (calls_.emplace(ids[i], what).second) continue;
        while (i > 0)
            calls_.erase(ids[--i]);
        return added::duplicate;
    }
    return added::yes;
}

void call_table::remove(std::vector<std::string> const& ids) {
    std::lock_guard const hold(lock_);
    for (auto const& id : ids)
        calls_.erase(id);
}

bool call_table::has(std::string_view id) const {
    std::lock_guard const hold(lock_);
    return calls_.find(id) != calls_.end();
}

bool call_table::empty() const {
    std::lock_guard const hold(lock_);
    return calls_.empty();
}

void call_table::cancel(std::string_view id) {
    std::shared_ptr<in_flight> who;
    {
        std::lock_guard const hold(lock_);
        auto const known = calls_.find(id);
        if (known != calls_.end()) who = known->second.lock();
    }
    // Without the lock: what ends takes itself out of this table.
    if (who) who->cancel(id);
}

void call_table::seal() noexcept {
    {
        std::lock_guard const hold(lock_);
        sealed_ = true;
    }
    abandon_all();
}

void call_table::abandon_all() noexcept {
    decltype(calls_) all;
    {
        std::lock_guard const hold(lock_);
        all.swap(calls_);
        asks_.clear();
    }
    for (auto const& [id, weak] : all) {
        if (auto const who = weak.lock()) who->abandon();
    }
}

std::int64_t call_table::ask(std::weak_ptr<in_flight> who) {
    std::lock_guard const hold(lock_);
    auto const id = next_ask_++;
    // After the end no answer will come.
    if (!sealed_) asks_.emplace(id, std::move(who));
    return id;
}

void call_table::forget(std::int64_t ask) {
    std::lock_guard const hold(lock_);
    asks_.erase(ask);
}

bool call_table::answer(std::int64_t ask, client_answer a) {
    std::shared_ptr<in_flight> who;
    {
        std::lock_guard const hold(lock_);
        auto const known = asks_.find(ask);
        if (known == asks_.end()) return false;
        who = known->second.lock();
        asks_.erase(known);
    }
    if (!who) return false;
    who->answered(ask, std::move(a));
    return true;
}

}  // namespace tollgate::mcp
