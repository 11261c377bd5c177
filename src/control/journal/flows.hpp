// Flows: which events belong to one attempt of one client, from its first 401 to the tool result.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/pipeline/exchange_facts.hpp"

namespace tollgate::control {

// The family of the grant says it for certain; before there is one, the client; before that, where
// the request came from. Not thread-safe, bounded.
class flows {
public:
    // "f1", "f2", …
    std::string of(http::exchange_facts const& f, std::string_view peer);
    // What is known without it: empty where of() would begin a new one.
    std::string known(http::exchange_facts const& f, std::string_view peer) const;

private:
    struct hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using names = std::unordered_map<std::string, std::string, hash, std::equal_to<>>;

    static std::string find(names const& in, std::string_view key);
    static void keep(names& in, std::string_view key, std::string const& value);
    std::string begin();
    bool begins_anew(http::exchange_facts const& f, std::string const& by_peer) const;
    std::string of_family(http::exchange_facts const& f, std::string const& by_peer);
    std::string of_client(std::string const& client, std::string const& by_peer);

    names families_;
    names clients_;
    names peers_;
    names family_of_;  // a flow's
    names client_of_;  // a flow's
    std::uint64_t next_ = 1;
};

}  // namespace tollgate::control
