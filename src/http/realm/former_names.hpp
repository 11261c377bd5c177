// Former names of a server that was renamed. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/realm/place.hpp"
#include "http/realm/resolver.hpp"

namespace tollgate::http {

// `now` with the new URLs; those that go are remembered, the oldest forgotten first.
naming renamed(naming const& now, renaming const& wanted);

// All that the realm was called at this listener; null when it was never renamed. `path` is its
// base on an origin that it shares with others: "", "/r/NAME" or "/s/SCENARIO/RUN".
std::shared_ptr<other_names const> names_of_before(naming const& names, listener_info const& l,
                                                   std::string_view realm, std::string const& path);

// What else a realm is called that has an origin to itself: by that origin, and by its name in a
// path of it. `base` is the one of the two that `p` speaks of.
std::shared_ptr<other_names const> names_besides(place const& p, std::string const& base,
                                                 std::string const& realm);

}  // namespace tollgate::http
