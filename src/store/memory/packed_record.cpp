#include "store/memory/packed_record.hpp"

#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tollgate::oauth {

namespace {

using text_size = std::uint32_t;

std::size_t size_of_texts(std::string_view key, oauth::record const& r) noexcept {
    auto size = key.size() + r.body.size() + sizeof(text_size) + r.group.size();
    for (auto const& other : r.others)
        size += sizeof(text_size) + other.size();
    return size;
}

}  // namespace

void packed_record_deleter::operator()(packed_record* r) const noexcept {
    r->~packed_record();
    ::operator delete(static_cast<void*>(r));
}

packed_record::packed_record(record_name const& name, oauth::record const& r) noexcept
    : version(r.version),
      id_(name.id),
      expires_at_(r.expires_at),
      key_size_(static_cast<text_size>(name.key.size())),
      body_size_(static_cast<text_size>(r.body.size())),
      group_count_(static_cast<text_size>(r.others.size() + 1)),
      redeemed(r.redeemed) {
    write_texts(name.key, r);
}

void packed_record::write_texts(std::string_view key, oauth::record const& r) noexcept {
    auto* at = reinterpret_cast<char*>(this + 1);
    auto const write = [&at](std::string_view text) { at += text.copy(at, text.size()); };
    auto const write_group = [&](std::string_view name) {
        auto const size = static_cast<text_size>(name.size());
        std::memcpy(at, &size, sizeof size);
        at += sizeof size;
        write(name);
    };
    write(key);
    write(r.body);
    write_group(r.group);
    for (auto const& other : r.others)
        write_group(other);
}

packed_record_ptr packed_record::make(record_name const& name, oauth::record const& r) {
    auto const texts = size_of_texts(name.key, r);
    if (texts > std::numeric_limits<text_size>::max())
        throw std::length_error("a record of more than 4 GiB");
    auto* const room = ::operator new(sizeof(packed_record) + texts);
    return packed_record_ptr(::new (room) packed_record(name, r));
}

std::string_view packed_record::group_reader::next() noexcept {
    text_size size = 0;
    std::memcpy(&size, at_, sizeof size);
    std::string_view const name(at_ + sizeof size, size);
    at_ += sizeof size + size;
    return name;
}

bool packed_record::belongs_to(std::string_view group) const noexcept {
    bool found = false;
    each_group([&](std::string_view name) { found = found || name == group; });
    return found;
}

record packed_record::record() const {
    group_reader groups(*this);
    std::string group(groups.next());
    std::vector<std::string> others;
    others.reserve(group_count_ - 1);
    for (text_size i = 1; i < group_count_; ++i)
        others.emplace_back(groups.next());
    oauth::record r(std::string(texts() + key_size_, body_size_), std::move(group),
                    std::move(others), expires_at_);
    r.version = version;
    r.redeemed = redeemed;
    return r;
}

}  // namespace tollgate::oauth
