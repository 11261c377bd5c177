// "name": "raw": a fault that is described instead of named.
#include <algorithm>

#include <boost/json/serialize.hpp>

#include "control/faults/fault_json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::string_view filters[] = {"success", "error"};
constexpr answers filter_values[] = {answers::success, answers::error};
constexpr std::string_view stages[] = {"before", "replace", "mutate", "after_commit"};
constexpr std::size_t longest_body = 256 << 10;
constexpr std::int64_t longest_delay = 120'000;

// RFC 9110 §5.6.2.
bool is_field_name(std::string_view name) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view value) noexcept {
    return std::ranges::none_of(value, [](char c) {
        auto const u = static_cast<unsigned char>(c);
        return (u < 0x20 && c != '\t') || u == 0x7f;
    });
}

// What the connection says itself.
bool is_framing(std::string_view name) noexcept {
    constexpr std::string_view framing[] = {
        "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive",
        "Upgrade",        "Trailer",           "Date"};
    return std::ranges::any_of(framing, [&](auto f) { return http::iequals(f, name); });
}

void read_header(object_reader& in, std::string_view name, json::value const& value, action& a) {
    auto const* text = value.if_string();
    if (!is_field_name(name) || is_framing(name)) {
        in.fail(name, "is no header that an answer may be given");
    } else if (text == nullptr) {
        in.fail(name, "expected a string, got " + std::string(kind_of(value)));
    } else if (!is_field_value({text->data(), text->size()})) {
        in.fail(name, "holds a control character");
    } else {
        a.headers.add(std::string(name), std::string(text->data(), text->size()));
    }
}

void read_headers(object_reader& params, action& a) {
    auto const* headers = params.object("headers");
    if (headers == nullptr) return;
    object_reader in(*headers, params.pointer("headers"));
    for (auto const& member : *headers) {
        std::string_view const name(member.key().data(), member.key().size());
        in.any(name);
        read_header(in, name, member.value(), a);
    }
    auto const ok = in.finish();
    if (!ok) params.fail(ok.error());
}

// A string as it is; any other JSON as JSON.
bool read_body(object_reader& params, action& a) {
    auto const* body = params.any("body");
    if (body == nullptr) return false;
    auto const* text = body->if_string();
    a.body = text != nullptr ? std::string(text->data(), text->size()) : json::serialize(*body);
    if (a.body.size() > longest_body) params.fail("body", "is longer than 256 KiB");
    if (!a.headers.has("Content-Type")) {
        a.headers.add("Content-Type",
                      text != nullptr ? "text/plain; charset=utf-8" : "application/json");
    }
    return true;
}

stage stage_of(object_reader& params, action const& a) {
    auto const i = params.choice("stage", stages);
    // stages has the order of the enum.
    if (i) return static_cast<stage>(*i);
    return a.merge_patch ? stage::mutate : stage::before;
}

// Which answers of the handler it is about. Before the handler there is none, and after_commit
// is about successes already.
void read_only(object_reader& params, fault_settings& s) {
    auto const i = params.choice("only", filters);
    if (!i) return;
    bool const fits = s.at == stage::mutate || s.at == stage::replace ||
                      (s.at == stage::after_commit && filter_values[*i] == answers::success);
    if (!fits) {
        params.fail("only", s.at == stage::before
                                ? "chooses among the server's answers: it needs the stage "
                                  "\"mutate\" or \"replace\""
                                : "contradicts the stage \"after_commit\", which is about "
                                  "successes; use the stage \"replace\"");
    }
    s.action.only = filter_values[*i];
}

}  // namespace

void read_raw(object_reader& params, fault_settings& s) {
    auto& a = s.action;
    if (params.any("close") != nullptr) {
        params.fail("close", "is not built yet: connections cannot be cut");
    }
    if (auto const status = params.integer("status", 200, 599)) {
        a.status = static_cast<unsigned>(*status);
    }
    if (auto const delay = params.integer("delay_ms", 0, longest_delay)) {
        a.delay = milliseconds(*delay);
    }
    if (auto const* patch = params.object("merge_patch")) a.merge_patch = *patch;
    read_headers(params, a);
    bool const body = read_body(params, a);
    s.at = stage_of(params, a);
    read_only(params, s);
    bool const says_something = a.status || body || a.headers.size() != 0;
    if (s.at == stage::mutate) {
        if (body) params.fail("body", "cannot be altered as a whole; use the stage \"replace\"");
    } else if (a.merge_patch) {
        params.fail("merge_patch", "alters the server's answer: it needs the stage \"mutate\"");
    } else if (says_something) {
        a.answer = action::answer::canned;
    } else if (s.at != stage::before && a.delay.count() == 0) {
        params.fail("stage", "there is no status, header or body to answer");
    }
    if (!says_something && !a.merge_patch && a.delay.count() == 0) {
        params.need("status", "a status, headers, a body, a merge_patch or delay_ms");
    }
}

json::value describe_raw() {
    json::object parameters;
    parameters["status"] = "200 to 599";
    parameters["headers"] = "an object of header fields";
    parameters["body"] = "a string, or JSON that is sent as JSON";
    parameters["delay_ms"] = "0 to 120000";
    parameters["stage"] =
        "before, replace, mutate or after_commit; mutate where there is a "
        "merge_patch, else before";
    parameters["merge_patch"] = "RFC 7396, applied to a JSON answer";
    parameters["only"] =
        "success or error: which of the server's answers are altered or replaced; both unless "
        "given";
    json::object o;
    o["name"] = "raw";
    o["what"] = "Any answer, alteration or delay, at any endpoint.";
    o["clause"] = "";
    o["endpoints"] = json::array();
    o["parameters"] = std::move(parameters);
    return o;
}

}  // namespace tollgate::control
