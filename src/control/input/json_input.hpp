// JSON bodies of the control API, read strictly: every mistake names its place by JSON pointer.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "http/message/problem.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

using milliseconds = std::chrono::milliseconds;

// 400 whose text is "/on: expected true or false, got a string" (RFC 6901 pointers).
problem mistake(std::string_view pointer, std::string_view what);
// `parent` + "/" + `name`, escaped (RFC 6901 §3) and cut to a length fit for a sentence.
std::string pointer_to(std::string_view parent, std::string_view name);
// "a string", "true or false", …: how a mistake calls the kind of a value.
std::string_view kind_of(boost::json::value const& v) noexcept;

// The body as an object: 400 when it is empty, not declared as JSON, not JSON or no object.
outcome<boost::json::object const*> body_object(http::context& c);
// For calls that take nothing: an empty body or {}.
outcome<void> nothing_in_body(http::context& c);

// Reads the members of one object. A getter gives nothing when the member is absent or wrong;
// the first mistake is kept for finish(), which also refuses members that nobody asked for.
class object_reader {
public:
    explicit object_reader(boost::json::object const& o, std::string pointer = "");

    // Says that the member must be there.
    object_reader& need(std::string_view name, std::string_view expected);
    // Says that none of the members is there, or what is there changes nothing: `name` is the one
    // that most often is.
    void need_something(std::string_view name, std::string_view expected);

    std::optional<bool> boolean(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t least,
                                        std::int64_t most);
    std::optional<double> number(std::string_view name, double least, double most);
    // Not longer than `most` bytes; may be empty only where the caller allows it.
    std::optional<std::string> text(std::string_view name, std::size_t most = 256);
    // One for people to read: it says something, on one line.
    std::optional<std::string> sentence(std::string_view name, std::size_t most);
    // The index in `allowed` of the text that is there.
    std::optional<std::size_t> choice(std::string_view name,
                                      std::span<std::string_view const> allowed);
    // A number of seconds or a text like "10m".
    std::optional<milliseconds> duration(std::string_view name, milliseconds least,
                                         milliseconds most);
    boost::json::object const* object(std::string_view name);
    boost::json::array const* array(std::string_view name);
    // An array of texts; empty where it is not there.
    std::vector<std::string> texts(std::string_view name);
    // Whatever is there, null too.
    boost::json::value const* any(std::string_view name);

    void fail(std::string_view name, std::string_view what);
    // Takes over a mistake found elsewhere.
    void fail(problem p);
    std::string pointer(std::string_view name) const { return pointer_to(pointer_, name); }

    outcome<void> finish();

private:
    boost::json::value const* find(std::string_view name);
    void wrong_kind(std::string_view name, std::string_view expected,
                    boost::json::value const& got);

    boost::json::object const& object_;
    std::string pointer_;
    std::vector<std::string> asked_;
    std::optional<problem> first_;
};

}  // namespace tollgate::control
