#include "mcp/schema/schema.hpp"

#include <charconv>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

#include "mcp/schema/rule.hpp"

namespace tollgate::mcp {

namespace json = boost::json;
using namespace schema_rules;

namespace {

// Its first hundred bytes, and no half of a character (MCP, Transports: messages are UTF-8).
std::string_view shortened(std::string_view name) noexcept {
    std::size_t most = 100;
    if (name.size() <= most) return name;
    auto const continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    while (most > 0 && continues(name[most]))
        --most;
    return name.substr(0, most);
}

// RFC 6901 §6: the fragment of a URI is percent-encoded. What is no encoding stays as it is.
std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned byte = 0;
        auto const* digits = text.data() + at + 1;
        bool const coded = text[at] == '%' && at + 2 < text.size() &&
                           std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
        out += coded ? static_cast<char>(byte) : text[at];
        if (coded) at += 2;
    }
    return out;
}

}  // namespace

namespace schema_rules {

std::string place::pointer() const {
    std::string out;
    append_to(out);
    return out.empty() ? std::string(name_) : out;
}

void place::append_to(std::string& out) const {
    if (up_ == nullptr) return;
    up_->append_to(out);
    out += '/';
    if (index_) {
        out += std::to_string(*index_);
        return;
    }
    // A name that the client chose must not make the sentence any longer.
    for (char const ch : shortened(name_)) {
        if (ch == '~') {
            out += "~0";
        } else if (ch == '/') {
            out += "~1";
        } else {
            out += ch;
        }
    }
}

std::string place::say(std::string_view what) const {
    auto out = pointer();
    out += ": ";
    out += what;
    return out;
}

finding node::check(json::value const& value, place const& at) const {
    auto& limit = at.limit();
    if (limit.spent()) {
        limit.steps = 0;  // for good: no alternative may succeed now
        return at.say("is too complicated to be checked");
    }
    --limit.steps;
    --limit.depth;
    finding wrong;
    if (never) wrong = at.say("is not allowed");
    for (auto const& r : rules) {
        if (wrong) break;
        wrong = r(value, at);
    }
    ++limit.depth;
    return wrong;
}

}  // namespace schema_rules

// The nodes live here; rules point at them. A $ref may come before what it means, and may lead
// back to where it stands, so nodes are made empty and filled afterwards.
struct schema::document final : private reader {
    explicit document(json::value text) : source(std::move(text)) {
        find_anchors(source);
        root = read(source, "");
        while (!waiting.empty()) {
            auto const next = waiting.front();
            waiting.pop_front();
            fill(*next.into, *next.source, next.pointer);
        }
    }
    document(document const&) = delete;

    json::value const source;
    node const* root = nullptr;

private:
    struct unfilled {
        node* into;
        json::value const* source;
        std::string pointer;
    };

    node const* read(json::value const& text, std::string const& step) override {
        // Read before: a $ref that leads back to itself ends here.
        auto const known = by_source.find(&text);
        if (known != by_source.end()) return known->second;
        if (nodes.size() >= most_nodes) refuse("has too many subschemas");
        nodes.emplace_back();
        by_source.emplace(&text, &nodes.back());
        waiting.push_back({&nodes.back(), &text, current + step});
        return &nodes.back();
    }

    node const* refer(json::value const& reference) override {
        auto const* const text = reference.if_string();
        if (text == nullptr) refuse("must be a string");
        // RFC 3986 §4.4: the empty reference is this document.
        auto const decoded = percent_decoded(text->empty() ? "#" : std::string_view(*text));
        auto const to = std::string_view(decoded);
        if (!to.starts_with('#')) refuse("leads outside of the schema");
        if (to.size() > 1 && to[1] != '/') {
            auto const named = anchors.find(to.substr(1));
            if (named == anchors.end()) refuse("leads to an anchor that is not there");
            return read_at(*named->second, std::string(to));
        }
        boost::system::error_code none;
        auto const* const found = source.find_pointer(to.substr(1), none);
        if (found == nullptr) refuse("leads nowhere");
        return read_at(*found, std::string(to));
    }

    node const* read_at(json::value const& text, std::string pointer) {
        auto const before = std::exchange(current, std::move(pointer));
        auto const* const out = read(text, "");
        current = before;
        return out;
    }

    [[noreturn]] void refuse(std::string const& why) const override {
        throw std::logic_error((current.empty() ? "the schema" : current) + ' ' + why);
    }

    void fill(node& out, json::value const& text, std::string const& pointer) {
        current = pointer;
        if (text.is_bool()) {
            out.never = !text.get_bool();
            return;
        }
        auto const* const members = text.if_object();
        if (members == nullptr) refuse("must be an object or a boolean");
        for (auto const& [name, argument] : *members) {
            current = pointer + '/' + std::string(name);
            auto make = find_value_keyword(name);
            if (make == nullptr) make = find_limit_keyword(name);
            if (make == nullptr) make = find_structure_keyword(name);
            if (make == nullptr) refuse("is a keyword that is not implemented");
            if (auto r = make(argument, *members, *this)) out.rules.push_back(std::move(r));
        }
    }

    // $anchor may stand in any subschema; where else a member of that name stands does no harm.
    void find_anchors(json::value const& text) {
        if (auto const* const list = text.if_array()) {
            for (auto const& element : *list)
                find_anchors(element);
        }
        auto const* const members = text.if_object();
        if (members == nullptr) return;
        for (auto const& [name, inner] : *members) {
            if (name == "$anchor" && inner.is_string()) anchors.emplace(inner.get_string(), &text);
            // Values, and no schemas.
            bool const value =
                name == "enum" || name == "const" || name == "default" || name == "examples";
            if (!value) find_anchors(inner);
        }
    }

    static constexpr std::size_t most_nodes = 2'000;
    std::deque<node> nodes;
    std::map<json::value const*, node*> by_source;
    std::map<std::string_view, json::value const*> anchors;
    std::deque<unfilled> waiting;
    std::string current;  // the place that a refusal names
};

schema::schema(json::value source)
    : document_(std::make_shared<document const>(std::move(source))) {}

std::optional<std::string> schema::mismatch(json::value const& value, std::string_view root) const {
    budget limit;
    place const top(root, limit);
    return document_->root->check(value, top);
}

json::value const& schema::source() const noexcept {
    return document_->source;
}

}  // namespace tollgate::mcp
