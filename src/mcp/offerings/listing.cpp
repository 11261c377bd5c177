#include "mcp/offerings/listing.hpp"

#include <stdexcept>

#include "base/crypto.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace {

rpc_error invalid_cursor() {
    return rpc_error(error_code::invalid_params, "Invalid cursor");
}

// Everything of the result but the list itself, without its braces; empty when there is nothing.
std::string other_members(revision r, std::string const& next) {
    json::object rest;
    if (!next.empty()) rest["nextCursor"] = next;
    if (is_modern(r)) {
        cacheable(rest);
        complete_modern(rest);
    }
    if (rest.empty()) return {};
    auto const text = json::serialize(rest);
    return ',' + text.substr(1, text.size() - 2);
}

}  // namespace

void listing::append(entry e) {
    for (auto const& other : entries_) {
        if (other.key == e.key) {
            throw std::logic_error("two of the " + std::string(member_) + " are called " +
                                   std::string(e.key));
        }
    }
    // Opaque for clients; for us the entry that came last, so that a cursor stays good while
    // others come and go ("Servers SHOULD provide stable cursors").
    std::string plain(member_);
    plain += ' ';
    plain += e.key;
    e.cursor = base64url(plain);
    entries_.push_back(std::move(e));
}

bool listing::differs(policy const& before, policy const& after) const {
    for (auto const& e : entries_) {
        for (auto const r : all_revisions) {
            if (e.available.holds(before, r) != e.available.holds(after, r)) return true;
        }
    }
    return false;
}

boost::system::result<std::size_t, rpc_error> listing::first_of(call const& c) const {
    auto const* const params = c.request.params;
    auto const* const cursor = params != nullptr ? params->if_contains("cursor") : nullptr;
    if (cursor == nullptr) return std::size_t{0};
    if (!cursor->is_string()) return invalid_cursor();
    auto const given = std::string_view(cursor->get_string());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].cursor == given) return i + 1;
    }
    return invalid_cursor();
}

boost::system::result<std::string, rpc_error> listing::page(call const& c) const {
    auto const first = first_of(c);
    if (!first) return first.error();
    std::string list;
    entry const* last = nullptr;
    std::string next;
    std::size_t count = 0;
    for (auto i = *first; i < entries_.size(); ++i) {
        auto const& e = entries_[i];
        if (!e.available.holds(c.policy, c.revision)) continue;
        if (count == c.policy.page_size) {
            next = last->cursor;
            break;
        }
        if (count++ > 0) list += ',';
        list += e.texts[static_cast<std::size_t>(c.revision)];
        last = &e;
    }
    std::string out = "{\"";
    out += member_;
    out += "\":[";
    out += list;
    out += ']';
    out += other_members(c.revision, next);
    out += '}';
    return out;
}

}  // namespace tollgate::mcp
