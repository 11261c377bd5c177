#include "http/realm/subject.hpp"

#include <utility>

#include "http/realm/host.hpp"

namespace tollgate::http {

std::optional<request_subject> subject_of(request const& r, listener_info const& l,
                                          std::shared_ptr<naming const> names,
                                          cell_words const* cells) {
    auto const asked = match_host(r, l, std::move(names));
    if (!asked) return std::nullopt;
    request_subject s;
    s.realm = asked->realm;
    s.path = r.path;
    if (asked->whole_origin) return s;
    auto at = split_realm_path(r.path, cells);
    using by = realm_path::by;
    if (at.named == by::wrong_cell || at.named == by::misplaced_well_known) return std::nullopt;
    s.by_scenario = at.named == by::scenario;
    if (s.by_scenario) s.realm.clear();
    if (at.named == by::name) s.realm = at.name;
    s.path = std::move(at.rest);
    return s;
}

}  // namespace tollgate::http
