#include "control/conversation/member.hpp"

#include <algorithm>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/nearest.hpp"
#include "base/words.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

using text = std::optional<std::string>;

text some(std::string_view t) {
    return t.empty() ? std::nullopt : text(std::string(t));
}

// The client that Basic names, which is encoded as in a form (RFC 6749 section 2.3.1); nothing
// where the colon is missing.
text basic_id(observation const& o) {
    if (!http::iequals(o.scheme, "Basic")) return std::nullopt;
    auto const decoded = from_base64(o.credential).value_or("");
    auto const colon = decoded.find(':');
    if (colon == decoded.npos) return std::nullopt;
    auto const id = http::percent_decode(decoded.substr(0, colon), true);
    return id ? *id : decoded.substr(0, colon);
}

struct member_row {
    std::string_view name;
    text (*get)(observation const&);
};

constexpr member_row rows[] = {
    {"type", [](observation const& o) { return some(word_of(o.what().type)); }},
    {"endpoint", [](observation const& o) { return some(o.endpoint()); }},
    {"method", [](observation const& o) { return some(o.method); }},
    {"path", [](observation const& o) { return some(o.path); }},
    {"host", [](observation const& o) { return some(o.host()); }},
    {"status",
     [](observation const& o) { return o.status == 0 ? text() : std::to_string(o.status); }},
    {"outcome", [](observation const& o) { return some(o.what().outcome); }},
    {"client_id", [](observation const& o) { return some(o.facts().client_id); }},
    {"grant_type",
     [](observation const& o) {
         auto const sent = o.form.one("grant_type");
         return sent ? some(*sent) : some(o.facts().grant_type);
     }},
    {"family", [](observation const& o) { return some(o.facts().family); }},
    {"session", [](observation const& o) { return some(o.facts().session); }},
    {"mcp_method", [](observation const& o) { return some(o.mcp_method()); }},
    {"tool", [](observation const& o) { return some(o.facts().tool); }},
    {"error", [](observation const& o) { return some(o.facts().error); }},
    {"decision", [](observation const& o) { return some(o.facts().decision); }},
    {"scheme", [](observation const& o) { return some(o.scheme); }},
    {"basic_id", &basic_id},
    {"token", [](observation const& o) { return o.is_bearer() ? some(o.credential) : text(); }},
};

text found_in(json::value const& v, std::string_view path) {
    json::error_code wrong;
    auto const* at = v.find_pointer('/' + std::string(path), wrong);
    if (!at || wrong) return std::nullopt;
    // A text that says nothing is as good as none.
    if (auto const* s = at->if_string()) return some(*s);
    return json::serialize(*at);
}

// A claim of the JWT that stands for a client or for a grant (RFC 7523); its signature is for the
// server to look at.
text in_assertion(observation const& o, std::string_view name) {
    auto const sent = o.form.one("client_assertion");
    std::string_view jwt = sent ? *sent : o.form.one("assertion").value_or("");
    auto const first = jwt.find('.');
    if (first == jwt.npos) return std::nullopt;
    jwt.remove_prefix(first + 1);
    auto const claims = from_base64url(jwt.substr(0, jwt.find('.')));
    json::error_code wrong;
    auto const parsed = json::parse(claims.value_or(""), wrong);
    return wrong ? text() : found_in(parsed, name);
}

text in_form(http::form const& f, std::string_view name) {
    auto const v = f.one(name);
    return v ? text(std::string(*v)) : std::nullopt;
}

struct family_row {
    std::string_view prefix;
    text (*get)(observation const&, std::string_view name);
};

constexpr family_row families[] = {
    {"form.", [](observation const& o, std::string_view n) { return in_form(o.form, n); }},
    {"query.", [](observation const& o, std::string_view n) { return in_form(o.query, n); }},
    {"header.", [](observation const& o, std::string_view n) { return some(o.header(n)); }},
    {"answer_header.",
     [](observation const& o, std::string_view n) { return some(o.answer_header(n)); }},
    {"body.", [](observation const& o, std::string_view n) { return found_in(o.body, n); }},
    {"answer.", [](observation const& o, std::string_view n) { return found_in(o.answer, n); }},
    {"assertion.", &in_assertion},
    {"location.",
     [](observation const& o, std::string_view n) {
         return some(parameter_of(o.answer_header("Location"), n));
     }},
};

}  // namespace

std::optional<std::string> member_of(observation const& o, std::string_view name) {
    for (auto const& row : rows)
        if (row.name == name) return row.get(o);
    for (auto const& family : families)
        if (name.starts_with(family.prefix))
            return family.get(o, name.substr(family.prefix.size()));
    return std::nullopt;
}

bool is_member(std::string_view name) {
    return std::ranges::find(rows, name, &member_row::name) != std::end(rows) ||
           std::ranges::any_of(families, [&](family_row const& f) {
               return name.starts_with(f.prefix) && name.size() > f.prefix.size();
           });
}

std::string nearest_member(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& row : rows)
        names.push_back(row.name);
    for (auto const& family : families)
        names.push_back(family.prefix);
    std::string nearest(nearest_name(name, names));
    // Of a family each has a name of its own.
    return nearest.ends_with('.') ? nearest + "NAME" : nearest;
}

}  // namespace tollgate::control
