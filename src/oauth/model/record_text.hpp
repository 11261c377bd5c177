// Text of a record: JSON of one level, written and read without a tree in between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace tollgate::oauth {

// Writes what boost::json::serialize would write of the same members. A name is written as it is.
class record_serializer {
public:
    void text(std::string_view name, std::string_view value);
    void texts(std::string_view name, std::vector<std::string> const& values);
    void number(std::string_view name, std::int64_t value);
    void flag(std::string_view name, bool value);
    void object(std::string_view name, boost::json::object const& value);
    // Of any name.
    void value(std::string_view name, boost::json::value const& value);
    // The whole text. Once, and last.
    std::string take();

private:
    void begin(std::string_view name);
    void quote(std::string_view text);

    std::string out_;
};

// Reads what record_serializer writes, member by member in the order in which they were written,
// and of it only the plain: strings of ASCII without escapes, whole numbers, true and false, no
// spaces, no object. Of anything else is_plain() says so in the end, and a parser has to look at
// it.
class record_parser {
public:
    explicit record_parser(std::string_view text) noexcept;

    // The next member has that name.
    bool has(std::string_view name) const noexcept;
    // Its value, and on to the one behind it.
    void text(std::string_view name, std::string& into);
    void texts(std::string_view name, std::vector<std::string>& into);
    void number(std::string_view name, std::int64_t& into) noexcept;
    void flag(std::string_view name, bool& into) noexcept;

    // All that was asked for was there, nothing else was, and all of it is plain.
    bool is_plain() const noexcept { return plain_ && over_; }

private:
    bool take(std::string_view word) noexcept;
    bool take(char c) noexcept {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(bool right) noexcept { plain_ = plain_ && right; }
    std::string_view quoted() noexcept;
    bool open(std::string_view name) noexcept;
    void advance() noexcept;

    std::string_view rest_;
    bool plain_;
    bool over_ = false;
};

}  // namespace tollgate::oauth
