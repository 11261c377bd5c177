#include "store/redis/protocol/layout.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace tollgate::oauth::redis {

namespace {

constexpr std::uint16_t slots = 16384;
constexpr std::uint64_t half = std::uint64_t(1) << 63;
constexpr std::size_t head_size = 51;  // of a packed record, before its groups

std::uint16_t crc16(std::string_view text) {
    std::uint16_t crc = 0;
    for (auto const c : text) {
        crc = static_cast<std::uint16_t>(crc ^ (static_cast<unsigned char>(c) << 8));
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
    return crc;
}

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

// Whatever bytes a name has: no brace, and no two names alike.
std::string escaped(std::string_view name) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string all;
    for (auto const c : name) {
        if (is_plain(c)) {
            all += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        all += '%';
        all += hex[byte >> 4];
        all += hex[byte & 15];
    }
    return all;
}

template <class Number>
std::optional<Number> number_at(std::string_view text) {
    Number n = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), n);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return n;
}

std::string grouped(record const& r) {
    std::string all;
    auto const add = [&](std::string_view name) {
        all.append(std::to_string(name.size())).append(1, ':').append(name);
    };
    add(r.group);
    std::ranges::for_each(r.others, add);
    return all;
}

bool read_groups(std::string_view all, record& into) {
    for (bool first = true; !all.empty(); first = false) {
        auto const colon = all.find(':');
        if (colon == std::string_view::npos) return false;
        auto const length = number_at<std::size_t>(all.substr(0, colon));
        if (!length || *length > all.size() - colon - 1) return false;
        auto const name = all.substr(colon + 1, *length);
        if (first)
            into.group = name;
        else
            into.others.emplace_back(name);
        all.remove_prefix(colon + 1 + *length);
    }
    return true;
}

}  // namespace

std::uint16_t slot_of(std::string_view key) {
    auto const open = key.find('{');
    if (open != std::string_view::npos) {
        auto const close = key.find('}', open + 1);
        if (close != std::string_view::npos && close != open + 1)
            key = key.substr(open + 1, close - open - 1);
    }
    return crc16(key) % slots;
}

bool is_prefix(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 &&
           std::ranges::all_of(text, [](char c) { return is_plain(c) || c == ':'; });
}

realm_keys::realm_keys(std::string_view prefix, std::string_view realm)
    : tag_('{' + std::string(prefix) + '/' + escaped(realm) + '}'), slot_(slot_of(tag_)) {}

std::vector<std::string> realm_keys::all() const {
    std::vector<std::string> keys{of("due"), of("members"), of("dead")};
    std::ranges::move(kinds(), std::back_inserter(keys));
    return keys;
}

std::vector<std::string> realm_keys::kinds() const {
    std::vector<std::string> keys;
    for (auto const& row : kind_table)
        keys.push_back(of(row.kind));
    return keys;
}

std::string digits(std::uint64_t n) {
    auto const text = std::to_string(n);
    return std::string(20 - text.size(), '0') + text;
}

std::string digits(time_point t) {
    return digits(static_cast<std::uint64_t>(t.time_since_epoch().count()) ^ half);
}

std::string milliseconds_after(time_point t) {
    return std::to_string(
        std::chrono::ceil<std::chrono::milliseconds>(t.time_since_epoch()).count());
}

std::string milliseconds_before(time_point t) {
    return std::to_string(
        std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count());
}

std::string due(record const& r) {
    return r.expires_at == time_point::max() ? std::string() : milliseconds_after(r.expires_at);
}

std::string packed(record const& r, std::uint64_t version, bool redeemed) {
    auto const groups = grouped(r);
    std::string all = digits(r.expires_at) + digits(version);
    all += redeemed ? '1' : '0';
    all += digits(groups.size()).substr(10);
    return all.append(groups).append(r.body);
}

std::optional<record> unpacked(std::string_view value) {
    if (value.size() < head_size) return std::nullopt;
    auto const end = number_at<std::uint64_t>(value.substr(0, 20));
    auto const version = number_at<std::uint64_t>(value.substr(20, 20));
    auto const length = number_at<std::size_t>(value.substr(41, 10));
    if (!end || !version || !length || *length > value.size() - head_size) return std::nullopt;
    record r;
    r.expires_at = time_point(time_point::duration(static_cast<std::int64_t>(*end ^ half)));
    r.version = *version;
    r.redeemed = value[40] == '1';
    if (!read_groups(value.substr(head_size, *length), r)) return std::nullopt;
    r.body = value.substr(head_size + *length);
    return r;
}

}  // namespace tollgate::oauth::redis
