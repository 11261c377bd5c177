// Subject of a request: the realm that it is about, before anybody looks whether it is there.
#pragma once

#include <optional>
#include <string>

#include "http/realm/resolver.hpp"

namespace tollgate::http {

// As far as its Host and path tell.
struct request_subject {
    std::string realm;         // its name
    bool by_scenario = false;  // a realm by scenario path: `realm` is empty
    std::string path;          // below the base
};

// Nothing: resolver::resolve() refuses it. `cells`: those of the directory of realms.
std::optional<request_subject> subject_of(request const& r, listener_info const& l,
                                          std::shared_ptr<naming const> names,
                                          cell_words const* cells);

}  // namespace tollgate::http
