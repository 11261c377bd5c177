// Packed record: a record of the memory store and its key in one block of memory. They are kept by
// the thousand, and a string for each text of theirs would cost more than the texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <boost/intrusive/set.hpp>
#include <boost/intrusive/set_hook.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "store/store.hpp"
#include "store/text_map.hpp"

namespace tollgate::oauth {

// What tables and groups call a record: its kind, and a hash of its key. Two may be called the
// same: who looks for one names its key as well, or a group that it belongs to.
class record_id {
public:
    record_id(oauth::kind k, hashed_text const& key) noexcept
        : value_((static_cast<std::uint64_t>(k) << kind_at) |
                 (key.hash() & ((std::uint64_t{1} << kind_at) - 1))) {}

    oauth::kind kind() const noexcept { return static_cast<oauth::kind>(value_ >> kind_at); }
    std::uint64_t hash() const noexcept { return value_; }
    friend bool operator==(record_id, record_id) = default;

private:
    static constexpr int kind_at = 56;
    std::uint64_t value_;
};

// A record by its own name, which must stay while it is asked for.
struct record_name {
    record_id id;
    std::string_view key;

    record_name(kind k, hashed_text const& named) noexcept : id(k, named), key(named.text()) {}
    record_name(record_id i, std::string_view k) noexcept : id(i), key(k) {}
};

// Whoever is called so and belongs to that group.
struct membership {
    record_id id;
    std::string_view group;
};

class packed_record;
struct packed_record_deleter {
    void operator()(packed_record* r) const noexcept;
};
using packed_record_ptr = std::unique_ptr<packed_record, packed_record_deleter>;

// Its texts never change; it does not move as long as it is there. The hook: the order of expiry.
class packed_record : public boost::intrusive::set_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::normal_link>,
                          boost::intrusive::optimize_size<true>> {
public:
    static packed_record_ptr make(record_name const& name, oauth::record const& r);

    std::string_view key() const noexcept { return {texts(), key_size_}; }
    record_name name() const noexcept { return {id_, key()}; }
    // All of it, as it was put.
    oauth::record record() const;
    bool belongs_to(std::string_view group) const noexcept;
    // Of each group that it belongs to.
    template <class Visit>
    void each_group(Visit visit) const {
        group_reader groups(*this);
        for (std::uint32_t i = 0; i < group_count_; ++i)
            if (auto const group = groups.next(); !group.empty()) visit(group);
    }

    record_id id() const noexcept { return id_; }
    time_point expires_at() const noexcept { return expires_at_; }
    bool is_over(time_point now) const noexcept { return expires_at_ <= now; }

    std::uint64_t version = 0;

private:
    // Of the names behind the body: the length of each, and its text.
    class group_reader {
    public:
        explicit group_reader(packed_record const& r) noexcept
            : at_(r.texts() + r.key_size_ + r.body_size_) {}
        std::string_view next() noexcept;

    private:
        char const* at_;
    };

    packed_record(record_name const& name, oauth::record const& r) noexcept;
    void write_texts(std::string_view key, oauth::record const& r) noexcept;
    char const* texts() const noexcept { return reinterpret_cast<char const*>(this + 1); }

    record_id id_;
    time_point expires_at_;
    std::uint32_t key_size_;
    std::uint32_t body_size_;
    std::uint32_t group_count_;  // `others` and, before them, `group`, which may be empty

public:
    bool redeemed = false;  // at the end, where it costs nothing
};

// Whose time is over first stands first.
struct earlier_expiry {
    bool operator()(packed_record const& a, packed_record const& b) const noexcept {
        return a.expires_at() < b.expires_at();
    }
};

struct packed_record_hash {
    using is_transparent = void;
    std::size_t operator()(packed_record_ptr const& r) const noexcept { return r->id().hash(); }
    std::size_t operator()(record_name const& name) const noexcept { return name.id.hash(); }
    std::size_t operator()(membership const& m) const noexcept { return m.id.hash(); }
};
struct packed_record_equal {
    using is_transparent = void;
    bool operator()(packed_record_ptr const& a, packed_record_ptr const& b) const noexcept {
        return a->id() == b->id() && a->key() == b->key();
    }
    bool operator()(record_name const& a, packed_record_ptr const& b) const noexcept {
        return a.id == b->id() && a.key == b->key();
    }
    bool operator()(packed_record_ptr const& a, record_name const& b) const noexcept {
        return (*this)(b, a);
    }
    bool operator()(membership const& a, packed_record_ptr const& b) const noexcept {
        return a.id == b->id() && b->belongs_to(a.group);
    }
    bool operator()(packed_record_ptr const& a, membership const& b) const noexcept {
        return (*this)(b, a);
    }
};
using packed_records =
    boost::unordered_flat_set<packed_record_ptr, packed_record_hash, packed_record_equal>;

}  // namespace tollgate::oauth
