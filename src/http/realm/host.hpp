// Host matching: what a request's Host means at the listener that it came by.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/realm/resolver.hpp"

namespace tollgate::http {

inline constexpr std::string_view default_realm = "default";
inline constexpr std::string_view local_suffix = ".localhost";

struct host_match {
    listener_info const& from;
    std::shared_ptr<naming const> names;  // those that the whole answer speaks of
    std::string host;                     // to speak of where no public URL is set
    std::string realm;                    // "default", that of the listener or that of the Host
    bool whole_origin = false;            // the realm has the origin to itself: no base in the path

    bool own_port() const noexcept { return !from.realm.empty(); }
};

// 421 unless there is exactly one Host and it is a name of ours.
outcome<host_match> match_host(request const& r, listener_info const& from,
                               std::shared_ptr<naming const> names);

}  // namespace tollgate::http
