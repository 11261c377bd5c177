#include "control/input/json_input.hpp"

#include <charconv>

#include "base/text.hpp"

namespace tollgate::control {

namespace json = boost::json;

problem mistake(std::string_view pointer, std::string_view what) {
    // The empty pointer is the whole document (RFC 6901 §5).
    std::string text(pointer.empty() ? "\"\" (the whole body)" : pointer);
    text += ": ";
    text += what;
    return problem(400, "invalid_request", std::move(text));
}

std::string pointer_to(std::string_view parent, std::string_view name) {
    std::string out(parent);
    out += '/';
    for (char const ch : tollgate::printable(name, 80)) {
        if (ch == '~') {
            out += "~0";
        } else if (ch == '/') {
            out += "~1";
        } else {
            out += ch;
        }
    }
    return out;
}

std::string_view kind_of(json::value const& v) noexcept {
    switch (v.kind()) {
        case json::kind::null:
            return "null";
        case json::kind::bool_:
            return v.get_bool() ? "true" : "false";
        case json::kind::int64:
        case json::kind::uint64:
        case json::kind::double_:
            return "a number";
        case json::kind::string:
            return "a string";
        case json::kind::array:
            return "an array";
        case json::kind::object:
            return "an object";
    }
    return "something else";
}

outcome<json::object const*> body_object(http::context& c) {
    auto const& r = c.request();
    if (r.body.empty()) return mistake("", "is empty; expected a JSON object");
    if (http::media_type(r.header("Content-Type")) != "application/json") {
        return mistake("",
                       "is not declared as JSON; send it with Content-Type: application/json "
                       "(curl -H content-type:application/json)");
    }
    auto const body = c.body_json();
    if (!body) return mistake("", body.error().description());
    auto const* object = (*body)->if_object();
    if (object == nullptr) {
        return mistake("", "expected an object, got " + std::string(kind_of(**body)));
    }
    return object;
}

outcome<void> nothing_in_body(http::context& c) {
    if (c.request().body.empty()) return outcome<void>();
    auto const body = body_object(c);
    if (!body) return body.error();
    object_reader in(**body);
    return in.finish();
}

}  // namespace tollgate::control
