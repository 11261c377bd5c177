// Member set: which records belong to a group. Most groups have two or three, a client's has all of
// its tokens.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "store/memory/packed_record.hpp"

namespace tollgate::oauth {

class member_set {
public:
    void insert(record_id id) {
        if (many_) {
            many_->insert(id);
        } else if (std::ranges::find(few_, id) == few_.end()) {
            few_.push_back(id);
            if (few_.size() > most_in_a_row) make_table();
        }
    }
    void erase(record_id id) {
        if (many_)
            many_->erase(id);
        else if (auto const at = std::ranges::find(few_, id); at != few_.end())
            few_.erase(at);
    }
    bool empty() const noexcept { return many_ ? many_->empty() : few_.empty(); }
    template <class Visit>
    void each(Visit visit) const {
        if (many_)
            std::ranges::for_each(*many_, visit);
        else
            std::ranges::for_each(few_, visit);
    }

private:
    static constexpr std::size_t most_in_a_row = 16;
    struct hash {
        std::size_t operator()(record_id id) const noexcept { return id.hash(); }
    };
    using table = boost::unordered_flat_set<record_id, hash>;

    void make_table() {
        many_ = std::make_unique<table>(few_.begin(), few_.end());
        few_ = {};
    }

    boost::container::small_vector<record_id, 1> few_;
    std::unique_ptr<table> many_;  // null: they are few
};

}  // namespace tollgate::oauth
