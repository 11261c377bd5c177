// Layout: which keys of Redis hold a realm, and how a record is one value of them. Pure.
//
//     {PREFIX/REALM}:0 … :13   a hash for each kind (its number in store.hpp): key → record
//     {PREFIX/REALM}:due       a sorted set of what ends: "KIND:KEY" by its milliseconds
//     {PREFIX/REALM}:members   a sorted set, by bytes: "LENGTH:GROUP/KIND:KEY"
//     {PREFIX/REALM}:dead      a sorted set of groups that were erased, by when that may be
//     forgotten {PREFIX/REALM}:owner     "EPOCH INSTANCE": who answers for the realm; "-": nobody
//     {PREFIX/}:meta           a hash: whose keys these are, schema, starts, check of the key file
//     {PREFIX/}:realms         a sorted set of the realms that have, or had, records
//     {PREFIX/}:instances      a sorted set of the processes that use all of this
//     {PREFIX/}:instance:ID    what the others know of one; it runs out
//     {PREFIX/}:lock           of a version of which one process at a time could use it
//     {PREFIX/}:opening        who looks whether there is anything yet; it runs out
//
// The realm of what belongs to none is called "". What stands in braces decides the slot in a
// cluster.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "store/store.hpp"

namespace tollgate::oauth::redis {

// Of 16384: CRC-16/XMODEM of what stands in the first braces of a key, as Redis Cluster has it.
std::uint16_t slot_of(std::string_view key);

// What a prefix may be: letters, digits and "_.:-", 1 to 64 of them.
bool is_prefix(std::string_view text) noexcept;

class realm_keys {
public:
    realm_keys(std::string_view prefix, std::string_view realm);

    std::string of(std::string_view name) const { return tag_ + ':' + std::string(name); }
    std::string of(kind k) const { return of(std::to_string(static_cast<unsigned>(k))); }
    // due, members, dead and the kinds, in this order: KEYS of most scripts.
    std::vector<std::string> all() const;
    std::vector<std::string> kinds() const;
    std::uint16_t slot() const noexcept { return slot_; }

private:
    std::string tag_;
    std::uint16_t slot_;
};

// A number in twenty digits: the order of texts is that of numbers.
std::string digits(std::uint64_t n);
// A moment likewise, to the nanosecond.
std::string digits(time_point t);
// Milliseconds since 1970, later or earlier than `t` by less than one.
std::string milliseconds_after(time_point t);
std::string milliseconds_before(time_point t);
// When a record goes by itself; empty: never.
std::string due(record const& r);

// A record as one value: 20 digits when it ends, 20 its version, whether it was redeemed, 10 the
// length of its groups, its groups ("LENGTH:NAME", the family first), its body.
std::string packed(record const& r, std::uint64_t version, bool redeemed);
// Nothing where it is no such value.
std::optional<record> unpacked(std::string_view value);

}  // namespace tollgate::oauth::redis
