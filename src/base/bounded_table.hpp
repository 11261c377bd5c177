// A map whose entries expire and whose oldest entry makes room for a new one.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"

namespace tollgate {

// Not thread-safe.
template <class Value>
class bounded_table {
public:
    explicit bounded_table(std::size_t most) : most_(most) {}
    bounded_table(bounded_table const& o) : most_(o.most_), rows_(o.rows_) {
        for (auto row = rows_.begin(); row != rows_.end(); ++row)
            index_.emplace(row->key, row);
    }
    // What the index points at goes along with the rows.
    bounded_table(bounded_table&&) = default;
    bounded_table& operator=(bounded_table o) noexcept {
        most_ = o.most_;
        rows_.swap(o.rows_);
        index_.swap(o.index_);
        return *this;
    }

    // The value, or nullptr when there is none or its time is over.
    Value* find(std::string_view key, time_point now) {
        auto const at = index_.find(key);
        if (at == index_.end()) return nullptr;
        if (at->second->expires_at <= now) {
            erase(key);
            return nullptr;
        }
        return &at->second->value;
    }
    // Replaces what is there.
    Value& put(std::string_view key, Value value, time_point expires_at) {
        erase(key);
        if (rows_.size() >= most_) erase(rows_.front().key);
        rows_.push_back(row{std::string(key), std::move(value), expires_at});
        auto const last = std::prev(rows_.end());
        index_.emplace(last->key, last);
        return last->value;
    }
    void erase(std::string_view key) {
        auto const at = index_.find(key);
        if (at == index_.end()) return;
        auto const gone = at->second;  // `key` may point into it
        index_.erase(at);
        rows_.erase(gone);
    }
    void clear() {
        index_.clear();
        rows_.clear();
    }
    std::size_t size() const noexcept { return rows_.size(); }

private:
    struct row {
        std::string key;
        Value value;
        time_point expires_at;
    };
    std::size_t most_;
    std::list<row> rows_;  // the oldest first
    std::unordered_map<std::string_view, typename std::list<row>::iterator> index_;
};

}  // namespace tollgate
