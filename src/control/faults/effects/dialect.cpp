// errors, form, scopes, copy, only_with_scope: OAuth as some providers speak it.
#include <algorithm>
#include <map>
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/merge_patch.hpp"
#include "control/faults/effects/templates.hpp"
#include "http/message/form.hpp"
#include "http/message/request.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

constexpr unsigned unauthorized = 401;

// The object that a JSON answer is; nothing for any other answer.
std::optional<json::object> told_object(http::reply const& r) {
    if (r.stream || http::media_type(r.headers.get("Content-Type")) != "application/json")
        return std::nullopt;
    json::error_code wrong;
    auto value = json::parse(r.body, wrong);
    if (wrong || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::vector<std::string> scopes_in(json::object const& o) {
    std::vector<std::string> all;
    auto const* scope = o.if_contains("scope");
    if (scope == nullptr || !scope->is_string()) return all;
    std::string_view rest(scope->get_string());
    while (!rest.empty()) {
        auto const end = std::min(rest.find(' '), rest.size());
        if (end != 0) all.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return all;
}

class dialect : public effect {
public:
    unsigned seams() const noexcept override { return after_handler; }
};

// Another error for each of the standard's.
class other_errors final : public dialect {
public:
    struct translation {
        std::optional<unsigned> status;
        json::value patch;
    };
    std::map<std::string, translation, std::less<>> by_code;  // "*": any other

    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        if (r.status < 400) co_return false;
        auto told = told_object(r);
        auto const* error = told ? told->if_contains("error") : nullptr;
        if (error == nullptr || !error->is_string()) co_return false;
        auto found = by_code.find(std::string_view(error->get_string()));
        if (found == by_code.end()) found = by_code.find("*");
        if (found == by_code.end()) co_return false;
        auto patch = found->second.patch;
        fill(patch, c);
        json::value said(std::move(*told));
        merge_patch(said, patch);
        r.body = json::serialize(said);
        if (found->second.status) r.status = *found->second.status;
        if (r.status != unauthorized) r.headers.erase("WWW-Authenticate");
        co_return true;
    }
};

// A form in the place of a JSON object.
class as_form final : public dialect {
public:
    std::string unless_accepted;  // a media type; empty: always

    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        auto const accepted = c.request().header("Accept");
        if (!unless_accepted.empty() && accepted.find(unless_accepted) != accepted.npos)
            co_return false;
        auto const told = told_object(r);
        if (!told) co_return false;
        std::string form;
        for (auto const& member : *told) {
            auto const* text = member.value().if_string();
            if (!form.empty()) form += '&';
            form += http::percent_encode(std::string_view(member.key())) + '=' +
                    http::percent_encode(text ? std::string_view(*text)
                                              : std::string_view(json::serialize(member.value())));
        }
        r.body = std::move(form);
        r.headers.set("Content-Type", "application/x-www-form-urlencoded");
        co_return true;
    }
};

// The scopes of an answer, told in another way.
class other_scopes final : public dialect {
public:
    std::string separator = " ";
    std::vector<std::string> without;  // granted, and not told

    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        auto told = told_object(r);
        if (!told || !told->contains("scope")) co_return false;
        std::string text;
        for (auto const& scope : scopes_in(*told)) {
            if (std::ranges::find(without, scope) != without.end()) continue;
            text += (text.empty() ? "" : separator) + scope;
        }
        (*told)["scope"] = text;
        r.body = json::serialize(*told);
        co_return true;
    }
};

// Members that stand in an object of the answer a second time.
class copied_members final : public dialect {
public:
    std::string into;
    std::vector<std::string> members;

    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        auto told = told_object(r);
        if (!told || r.status >= 400) co_return false;
        json::object inner;
        for (auto const& name : members)
            if (auto const* value = told->if_contains(name)) inner[name] = *value;
        if (inner.empty()) co_return false;
        (*told)[into] = std::move(inner);
        r.body = json::serialize(*told);
        co_return true;
    }
};

// Members that an answer has only where that scope was granted.
class members_of_a_scope final : public dialect {
public:
    std::string scope;
    std::vector<std::string> members;

    task<bool> after(http::context&, http::reply& r, administrations const&) const override {
        auto told = told_object(r);
        if (!told || r.status >= 400) co_return false;
        auto const granted = scopes_in(*told);
        if (std::ranges::find(granted, scope) != granted.end()) co_return false;
        std::size_t gone = 0;
        for (auto const& name : members)
            gone += told->erase(name);
        if (gone == 0) co_return false;
        r.body = json::serialize(*told);
        co_return true;
    }
};

void read_translation(object_reader& in, other_errors::translation& t) {
    if (auto const status = in.integer("status", 200, 599))
        t.status = static_cast<unsigned>(*status);
    json::object patch;
    if (auto const* merge = in.object("merge")) patch = *merge;
    if (in.any("remove") != nullptr)  // TOML has no null
        for (auto const& name : in.texts("remove"))
            patch[name] = nullptr;
    if (patch.empty() && !t.status)
        in.need_something("merge", "status, merge (RFC 7396) or remove");
    t.patch = std::move(patch);
}

}  // namespace

new_effect read_errors(object_reader& in) {
    auto e = std::make_shared<other_errors>();
    auto const* by = in.need("by_code", "errors by their codes").object("by_code");
    if (by == nullptr) return e;
    for (auto const& member : *by) {
        std::string const code(member.key());
        auto const at = pointer_to(in.pointer("by_code"), code);
        auto const* o = member.value().if_object();
        if (o == nullptr) {
            in.fail(mistake(at, "expected an object, got " + std::string(kind_of(member.value()))));
            continue;
        }
        object_reader one(*o, at);
        read_translation(one, e->by_code[code]);
        auto const ok = one.finish();
        if (!ok) in.fail(ok.error());
    }
    return e;
}

new_effect read_form(object_reader& in) {
    auto e = std::make_shared<as_form>();
    e->unless_accepted = in.text("unless_accepted").value_or("");
    return e;
}

new_effect read_scopes(object_reader& in) {
    auto e = std::make_shared<other_scopes>();
    e->separator = in.text("separator", 8).value_or(" ");
    e->without = in.texts("without");
    if (e->separator == " " && e->without.empty())
        in.need_something("separator", "separator or without");
    return e;
}

new_effect read_copy(object_reader& in) {
    auto e = std::make_shared<copied_members>();
    e->into = in.need("into", "the name of an object").text("into").value_or("");
    e->members = in.need("members", "a list of texts").texts("members");
    return e;
}

new_effect read_only_with_scope(object_reader& in) {
    auto e = std::make_shared<members_of_a_scope>();
    e->scope = in.need("scope", "a scope").text("scope").value_or("");
    e->members = in.need("members", "a list of texts").texts("members");
    return e;
}

}  // namespace tollgate::control::effects
