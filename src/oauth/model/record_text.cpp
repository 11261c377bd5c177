#include "oauth/model/record_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <boost/json/serialize.hpp>

namespace tollgate::oauth {

namespace {

// The letter of a short escape (RFC 8259 §7); 0: there is none.
char short_escape(char c) noexcept {
    switch (c) {
        case '"':
        case '\\':
            return c;
        case '\b':
            return 'b';
        case '\f':
            return 'f';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        default:
            return 0;
    }
}

bool needs_escape(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// ASCII without control characters and backslashes, which needs no second look. Eight at a time:
// these texts are most of what a record is.
bool is_plain_text(std::string_view text) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t highs = ones << 7;
    std::uint64_t found = 0;
    auto const look_at = [&found](std::uint64_t word) {
        auto const backslash = word ^ (ones * '\\');
        found |= word | (word - ones * ' ') | (backslash - ones);
    };
    std::uint64_t word = ones * ' ';
    std::size_t at = 0;
    for (; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        look_at(word);
    }
    word = ones * ' ';
    for (std::size_t byte = 0; at < text.size(); ++at, byte += 8)
        word ^= static_cast<std::uint64_t>(static_cast<unsigned char>(text[at]) ^ ' ') << byte;
    look_at(word);
    return (found & highs) == 0;
}

}  // namespace

void record_serializer::begin(std::string_view name) {
    if (out_.empty()) out_.reserve(384);
    out_.append(out_.empty() ? "{\"" : ",\"", 2).append(name).append("\":", 2);
}

void record_serializer::quote(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out_ += '"';
    if (is_plain_text(text) && text.find('"') == text.npos) {
        out_.append(text) += '"';
        return;
    }
    for (std::size_t done = 0; done < text.size();) {
        auto end = done;
        while (end < text.size() && !needs_escape(text[end]))
            ++end;
        out_ += text.substr(done, end - done);
        if (end == text.size()) break;
        char const c = text[end];
        out_ += '\\';
        if (char const letter = short_escape(c)) {
            out_ += letter;
        } else {
            out_ += "u00";
            out_ += digits[static_cast<unsigned char>(c) >> 4];
            out_ += digits[c & 15];
        }
        done = end + 1;
    }
    out_ += '"';
}

void record_serializer::text(std::string_view name, std::string_view value) {
    begin(name);
    quote(value);
}

void record_serializer::texts(std::string_view name, std::vector<std::string> const& values) {
    begin(name);
    out_ += '[';
    for (auto const& value : values) {
        if (&value != &values.front()) out_ += ',';
        quote(value);
    }
    out_ += ']';
}

void record_serializer::number(std::string_view name, std::int64_t value) {
    begin(name);
    std::array<char, 24> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_.append(digits.data(), end);
}

void record_serializer::flag(std::string_view name, bool value) {
    begin(name);
    out_ += value ? "true" : "false";
}

void record_serializer::object(std::string_view name, boost::json::object const& value) {
    begin(name);
    out_ += boost::json::serialize(value);
}

void record_serializer::value(std::string_view name, boost::json::value const& value) {
    out_ += out_.empty() ? '{' : ',';
    quote(name);
    out_ += ':';
    out_ += boost::json::serialize(value);
}

std::string record_serializer::take() {
    if (out_.empty()) out_ = '{';
    out_ += '}';
    return std::move(out_);
}

record_parser::record_parser(std::string_view text) noexcept
    : rest_(text), plain_(is_plain_text(text)) {
    need(take('{'));
    if (take('}')) need(over_ = rest_.empty());
}

bool record_parser::take(std::string_view word) noexcept {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
}

bool record_parser::has(std::string_view name) const noexcept {
    constexpr std::size_t around = 3;  // "name":
    auto const size = name.size();
    return plain_ && rest_.size() > size + around && rest_.front() == '"' &&
           rest_.substr(1, size) == name && rest_[size + 1] == '"' && rest_[size + 2] == ':';
}

// To the value of that member; false where another stands there.
bool record_parser::open(std::string_view name) noexcept {
    need(has(name));
    if (plain_) rest_.remove_prefix(name.size() + 3);
    return plain_;
}

std::string_view record_parser::quoted() noexcept {
    need(take('"'));
    // No backslash stands before it: all of the text was looked through for one.
    auto const text = rest_.substr(0, rest_.find('"'));
    rest_.remove_prefix(text.size());
    need(take('"'));
    return text;
}

// To the member behind this one, if there is one.
void record_parser::advance() noexcept {
    if (take('}'))
        need(over_ = rest_.empty());
    else
        need(take(','));
}

void record_parser::text(std::string_view name, std::string& into) {
    if (!open(name)) return;
    into = quoted();
    advance();
}

void record_parser::texts(std::string_view name, std::vector<std::string>& into) {
    into.clear();
    if (!open(name)) return;
    need(take('['));
    if (!take(']')) {
        do
            into.emplace_back(quoted());
        while (plain_ && take(','));
        need(take(']'));
    }
    advance();
}

void record_parser::number(std::string_view name, std::int64_t& into) noexcept {
    if (!open(name)) return;
    auto const* const end = rest_.data() + rest_.size();
    auto const [at, failed] = std::from_chars(rest_.data(), end, into);
    need(failed == std::errc());
    rest_.remove_prefix(static_cast<std::size_t>(at - rest_.data()));
    advance();
}

void record_parser::flag(std::string_view name, bool& into) noexcept {
    if (!open(name)) return;
    into = take("true");
    need(into || take("false"));
    advance();
}

}  // namespace tollgate::oauth
