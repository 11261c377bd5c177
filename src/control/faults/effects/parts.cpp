// status, headers, json, text: parts of the server's answer.
#include <chrono>
#include <unordered_map>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "control/faults/effects/fields.hpp"
#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/merge_patch.hpp"
#include "control/faults/effects/presented.hpp"
#include "control/faults/effects/templates.hpp"
#include "http/message/request.hpp"

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

constexpr std::int64_t largest_padding = 64 << 20;

bool is_json(http::reply const& r) {
    auto const type = http::media_type(r.headers.get("Content-Type"));
    return type == "application/json" || type.ends_with("+json");
}

// Of what the handler answered.
class alteration : public effect {
public:
    answers only = answers::all;

    unsigned seams() const noexcept override { return after_handler; }
    task<bool> after(http::context& c, http::reply& r, administrations const&) const override {
        if (!is_among(r, only)) co_return false;
        co_return alter(c, r);
    }

private:
    virtual bool alter(http::context& c, http::reply& r) const = 0;
};

class other_status final : public alteration {
public:
    unsigned code = 200;

private:
    bool alter(http::context&, http::reply& r) const override {
        r.status = code;
        return true;
    }
};

class other_fields final : public alteration {
public:
    http::header_list set;
    http::header_list add;
    std::vector<std::string> remove;
    std::int64_t flood = 0;  // so many fields that nobody knows

private:
    bool alter(http::context& c, http::reply& r) const override {
        for (std::int64_t i = 0; i < flood; ++i)
            r.headers.add("X-Flood-" + std::to_string(i), "0123456789abcdef");
        for (auto const& name : remove)
            r.headers.erase(name);
        for (auto const& f : set)
            r.headers.erase(f.name);
        for (auto const* list : {&set, &add})
            for (auto const& f : *list)
                r.headers.add(f.name, filled(f.value, c));
        return true;
    }
};

// {"keys": […]}: those are added to the list of that name, where there is one.
void append_lists(json::value& to, json::object const& lists) {
    auto* object = to.if_object();
    if (object == nullptr) return;
    for (auto const& list : lists) {
        auto* there = object->if_contains(list.key());
        if (there == nullptr || !there->is_array()) continue;
        for (auto const& one : list.value().get_array())
            there->get_array().push_back(one);
    }
}

// What a client was given at its login. Bounded: when it is full it begins anew.
class remembered_members {
public:
    void repeat(http::context& c, json::object& o, std::vector<std::string> const& names) const {
        auto const client = presented_client(c);
        bool const refreshes = form_value(c, "grant_type") == "refresh_token";
        known_.with([&](by_client& all) {
            if (all.size() >= most) all.clear();
            auto& known = all[client];
            for (auto const& name : names) {
                auto const there = known.find(name);
                if (refreshes && there != known.end())
                    o[name] = there->value();
                else if (auto const* now = o.if_contains(name))
                    known[name] = *now;
            }
        });
    }

private:
    using by_client = std::unordered_map<std::string, json::object>;

    static constexpr std::size_t most = 1000;
    effect_state<by_client> known_;
};

class other_members final : public alteration {
public:
    json::value patch;
    json::object append;
    std::vector<std::string> null;                               // members that become null
    std::vector<std::pair<std::string, std::int64_t>> from_now;  // seconds
    std::vector<std::string> repeat;  // members that a refresh gives as the login gave them

    new_effect copy() const override { return std::make_shared<other_members>(*this); }

private:
    bool alter(http::context& c, http::reply& r) const override {
        if (r.stream || !is_json(r)) return false;
        json::error_code wrong;
        auto value = json::parse(r.body, wrong);
        if (wrong) return false;
        auto now = patch;
        fill(now, c);
        merge_patch(value, now);
        append_lists(value, append);
        if (auto* object = value.if_object()) alter_members(c, *object);
        r.body = json::serialize(value);
        return true;
    }
    void alter_members(http::context& c, json::object& o) const {
        for (auto const& name : null)
            o[name] = nullptr;
        auto const now = std::chrono::floor<std::chrono::seconds>(c.now()).time_since_epoch();
        for (auto const& [name, seconds] : from_now)
            o[name] = now.count() + seconds;
        if (!repeat.empty()) before_.repeat(c, o, repeat);
    }

    remembered_members before_;
};

class other_text final : public alteration {
public:
    std::optional<std::string> whole;
    std::string prefix;
    std::string suffix;
    std::string type;
    std::string replace;  // the first of it
    std::string by;
    std::size_t nesting = 0;            // lists around the body
    std::optional<std::size_t> length;  // of what is left
    std::size_t padding = 0;            // spaces in front, for a body that is very large

private:
    bool alter(http::context& c, http::reply& r) const override {
        if (r.stream) return false;
        if (whole) r.body = filled(*whole, c);
        auto const at = replace.empty() ? std::string::npos : r.body.find(replace);
        if (at != std::string::npos) r.body.replace(at, replace.size(), filled(by, c));
        if (nesting != 0) r.body = std::string(nesting, '[') + r.body + std::string(nesting, ']');
        if (length && r.body.size() > *length) r.body.resize(*length);
        r.body = std::string(padding, ' ') + prefix + r.body + suffix;
        if (!type.empty()) r.headers.set("Content-Type", type);
        return true;
    }
};

std::vector<std::string> read_names(object_reader& in, std::string_view name) {
    std::vector<std::string> names;
    auto const* list = in.array(name);
    if (list == nullptr) return names;
    for (auto const& one : *list) {
        if (!one.is_string() || !may_be_removed(one.get_string()))
            in.fail(name, "expected names of header fields that an answer may be given");
        else
            names.emplace_back(one.get_string());
    }
    return names;
}

}  // namespace

new_effect read_status(object_reader& in) {
    auto e = std::make_shared<other_status>();
    e->only = read_only(in);
    auto const code = in.need("code", "a status").integer("code", 200, 599);
    if (code) e->code = static_cast<unsigned>(*code);
    return e;
}

new_effect read_headers(object_reader& in) {
    auto e = std::make_shared<other_fields>();
    e->only = read_only(in);
    e->set = read_fields(in, "set");
    e->add = read_fields(in, "add");
    e->remove = read_names(in, "remove");
    e->flood = in.integer("flood", 0, 100'000).value_or(0);
    bool const nothing =
        e->set.size() == 0 && e->add.size() == 0 && e->remove.empty() && e->flood == 0;
    if (nothing) in.need_something("set", "set, add, remove or flood");
    return e;
}

new_effect read_json(object_reader& in) {
    auto e = std::make_shared<other_members>();
    e->only = read_only(in);
    json::object patch;
    if (auto const* merge = in.object("merge")) patch = *merge;
    auto const removed = in.texts("remove");  // TOML has no null
    for (auto const& name : removed)
        patch[name] = nullptr;
    if (auto const* lists = in.object("append")) {
        for (auto const& list : *lists)
            if (!list.value().is_array()) in.fail("append", "expected lists");
        e->append = *lists;
    }
    e->null = in.texts("null");
    e->repeat = in.texts("repeat");
    e->from_now = read_times(in);
    if (patch.empty() && e->append.empty() && e->null.empty() && e->repeat.empty() &&
        e->from_now.empty())
        in.need_something("merge", "merge (RFC 7396), remove, append, null, from_now or repeat");
    e->patch = std::move(patch);
    return e;
}

new_effect read_text(object_reader& in) {
    constexpr std::size_t longest = 256 << 10;
    auto e = std::make_shared<other_text>();
    e->only = read_only(in);
    e->whole = in.text("body", longest);
    e->prefix = in.text("prefix", longest).value_or("");
    e->suffix = in.text("suffix", longest).value_or("");
    e->type = in.text("content_type").value_or("");
    if (auto const n = in.integer("truncate", 0, largest_padding))
        e->length = static_cast<std::size_t>(*n);
    e->replace = in.text("replace", longest).value_or("");
    e->by = in.text("by", longest).value_or("");
    if (e->replace.empty() && !e->by.empty())
        in.need_something("replace", "what is to be replaced");
    e->nesting = static_cast<std::size_t>(in.integer("nest", 0, 1'000'000).value_or(0));
    e->padding = static_cast<std::size_t>(in.integer("pad", 0, largest_padding).value_or(0));
    bool const something = e->whole || !e->prefix.empty() || !e->suffix.empty() ||
                           !e->type.empty() || e->length || e->padding != 0 ||
                           !e->replace.empty() || e->nesting != 0;
    if (!something)
        in.need_something("body",
                          "body, prefix, suffix, replace, nest, truncate, pad or content_type");
    return e;
}

}  // namespace tollgate::control::effects
