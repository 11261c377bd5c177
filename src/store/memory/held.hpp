// Shards of the memory store that are held: nobody changes them meanwhile.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>

#include "store/memory/families.hpp"
#include "store/memory/records.hpp"

namespace tollgate::oauth {

inline constexpr std::size_t shard_count = 16;

using family_shards = std::array<memory_families, shard_count>;
using record_shards = std::array<memory_records, shard_count>;
using shard_set = std::bitset<shard_count>;

// Keeps the groups of some shards as they are for as long as it lives.
class held_groups {
public:
    held_groups(family_shards& all, shard_set which) : all_(all), which_(which) {
        for (std::size_t i = 0; i < shard_count; ++i)
            if (which_[i]) all_[i].mutex.lock();
    }
    ~held_groups() {
        for (std::size_t i = 0; i < shard_count; ++i)
            if (which_[i]) all_[i].mutex.unlock();
    }
    held_groups(held_groups const&) = delete;
    held_groups& operator=(held_groups const&) = delete;

private:
    family_shards& all_;
    shard_set which_;
};

// Keeps the records of some shards as they are for as long as it lives. The shards are taken in
// their order, and whoever holds one of them waits for nothing else.
class held_records {
public:
    explicit held_records(record_shards& all, shard_set which = shard_set().set())
        : all_(all), which_(which) {
        for (std::size_t i = 0; i < shard_count; ++i)
            if (which_[i]) all_[i].mutex().lock();
    }
    ~held_records() {
        for (std::size_t i = 0; i < shard_count; ++i)
            if (which_[i]) all_[i].mutex().unlock();
    }
    held_records(held_records const&) = delete;
    held_records& operator=(held_records const&) = delete;

private:
    record_shards& all_;
    shard_set which_;
};

}  // namespace tollgate::oauth
