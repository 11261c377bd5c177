// Entity tags (RFC 9110 §8.8.3), for documents that a client may ask for again. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/message/headers.hpp"

namespace tollgate::http {

// A strong tag of these bytes, in its quotes.
std::string entity_tag(std::string_view body);

// Whether one of the tags in an If-None-Match field is `tag`, compared weakly (§13.1.2).
bool matches_entity_tag(std::string_view if_none_match, std::string_view tag);

struct freshness {
    bool may_store = true;
    std::chrono::seconds lifetime{0};  // from now; 0: ask again before the next use
    // How much longer it may be used while its server cannot be asked (RFC 9111 §4.2.4).
    std::chrono::seconds stale_life{0};
};

// What Cache-Control, Expires, Age and Vary say, as far as a cache that serves one server needs
// them: `private` is not stored. Without a word about it an answer is good for `by_default`; none
// is for longer than `at_most`. What cannot be read counts as stale (RFC 9111 §4.2.1). Stale it is
// of use for an hour, or as long as stale-if-error says (RFC 5861 §4), within `at_most`; never
// where no-cache, must-revalidate, proxy-revalidate or s-maxage forbids it.
freshness freshness_of(header_list const& answer, time_point now, std::chrono::seconds by_default,
                       std::chrono::seconds at_most);

// RFC 9110 §5.6.7: all three forms.
std::optional<time_point> http_date(std::string_view text);

}  // namespace tollgate::http
