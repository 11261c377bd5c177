// Listings, the answers of tools/list, resources/list, resources/templates/list and prompts/list:
// texts that are made once per revision and joined to pages.
#pragma once

#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/result.hpp>

#include "mcp/call/call.hpp"
#include "mcp/offerings/availability.hpp"

namespace tollgate::mcp {

class listing {
public:
    // `member`: what the list is called in the result ("tools").
    explicit listing(std::string_view member) : member_(member) {}

    // `key` identifies the entry among its kind and outlives the listing; throws when it comes
    // twice: a bug found at start. `describe(revision)` is the entry as that revision knows it.
    template <class Describe>
    void add(std::string_view key, availability const& available, Describe describe) {
        entry e{key, available, {}, {}};
        for (auto const r : all_revisions) {
            if (r >= available.since && r <= available.until) {
                e.texts[static_cast<std::size_t>(r)] = boost::json::serialize(describe(r));
            }
        }
        append(std::move(e));
    }

    // The complete result for one request: what is offered to it, at most policy.page_size
    // entries from params.cursor on. Fails with -32602 for a cursor that is none of ours
    // ("Pagination", Error Handling).
    boost::system::result<std::string, rpc_error> page(call const& c) const;

    // Whether some revision finds other entries in it under the one policy than under the other.
    bool differs(policy const& before, policy const& after) const;

private:
    struct entry {
        std::string_view key;
        availability available;
        std::array<std::string, std::size(all_revisions)> texts;
        std::string cursor;  // to what follows
    };

    void append(entry e);
    boost::system::result<std::size_t, rpc_error> first_of(call const& c) const;

    std::string_view member_;
    std::vector<entry> entries_;
};

}  // namespace tollgate::mcp
