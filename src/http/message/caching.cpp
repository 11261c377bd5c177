#include "http/message/caching.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace tollgate::http {

std::string entity_tag(std::string_view body) {
    constexpr std::size_t enough = 24;
    return '"' + digest_of(body).substr(0, enough) + '"';
}

bool matches_entity_tag(std::string_view if_none_match, std::string_view tag) {
    if (trim(if_none_match) == "*") return true;
    while (!if_none_match.empty()) {
        auto one = next_part(if_none_match, ',');
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag) return true;
    }
    return false;
}

}  // namespace tollgate::http
