// status, headers, json, text: parts of the server's answer.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "control/faults/effects/fields.hpp"
#include "control/faults/effects/kinds.hpp"
#include "control/faults/effects/merge_patch.hpp"
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

private:
    bool alter(http::context& c, http::reply& r) const override {
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

class other_members final : public alteration {
public:
    json::value patch;

private:
    bool alter(http::context& c, http::reply& r) const override {
        if (r.stream || !is_json(r)) return false;
        json::error_code wrong;
        auto value = json::parse(r.body, wrong);
        if (wrong) return false;
        auto now = patch;
        fill(now, c);
        merge_patch(value, now);
        r.body = json::serialize(value);
        return true;
    }
};

class other_text final : public alteration {
public:
    std::optional<std::string> whole;
    std::string prefix;
    std::string suffix;
    std::string type;
    std::optional<std::size_t> length;  // of what is left
    std::size_t padding = 0;            // spaces in front, for a body that is very large

private:
    bool alter(http::context& c, http::reply& r) const override {
        if (r.stream) return false;
        if (whole) r.body = filled(*whole, c);
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

effect_ptr read_status(object_reader& in) {
    auto e = std::make_shared<other_status>();
    e->only = read_only(in);
    auto const code = in.need("code", "a status").integer("code", 200, 599);
    if (code) e->code = static_cast<unsigned>(*code);
    return e;
}

effect_ptr read_headers(object_reader& in) {
    auto e = std::make_shared<other_fields>();
    e->only = read_only(in);
    e->set = read_fields(in, "set");
    e->add = read_fields(in, "add");
    e->remove = read_names(in, "remove");
    bool const nothing = e->set.size() == 0 && e->add.size() == 0 && e->remove.empty();
    if (nothing) in.need("set", "set, add or remove");
    return e;
}

effect_ptr read_json(object_reader& in) {
    auto e = std::make_shared<other_members>();
    e->only = read_only(in);
    json::object patch;
    if (auto const* merge = in.object("merge")) patch = *merge;
    auto const* removed = in.array("remove");  // TOML has no null
    if (removed != nullptr)
        for (auto const& name : *removed) {
            if (name.is_string())
                patch[name.get_string()] = nullptr;
            else
                in.fail("remove", "expected names of members");
        }
    if (patch.empty()) in.need("merge", "merge (RFC 7396) or remove");
    e->patch = std::move(patch);
    return e;
}

effect_ptr read_text(object_reader& in) {
    constexpr std::size_t longest = 256 << 10;
    auto e = std::make_shared<other_text>();
    e->only = read_only(in);
    e->whole = in.text("body", longest);
    e->prefix = in.text("prefix", longest).value_or("");
    e->suffix = in.text("suffix", longest).value_or("");
    e->type = in.text("content_type").value_or("");
    if (auto const n = in.integer("truncate", 0, largest_padding))
        e->length = static_cast<std::size_t>(*n);
    e->padding = static_cast<std::size_t>(in.integer("pad", 0, largest_padding).value_or(0));
    bool const something = e->whole || !e->prefix.empty() || !e->suffix.empty() ||
                           !e->type.empty() || e->length || e->padding != 0;
    if (!something) in.need("body", "body, prefix, suffix, truncate, pad or content_type");
    return e;
}

}  // namespace tollgate::control::effects
