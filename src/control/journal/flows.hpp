// Flows: which events belong to one attempt of one client, from its first 401 to the tool result.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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
    // That an event of that flow, of() of an earlier process, had this family and this client;
    // empty: none. No flow that begins from now on has its name.
    void note(std::string_view flow, std::string_view family, std::string_view client);

private:
    // Not noexcept: so the library keeps the hash with each key (store/text_map.hpp).
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const {
            return std::hash<std::string_view>{}(s);
        }
    };
    using number = std::uint64_t;  // of a flow; 0: none
    using numbers = std::unordered_map<std::string, number, hash, std::equal_to<>>;
    // Whose a flow is already.
    struct owners {
        bool client = false;
        bool family = false;
    };

    static number find(numbers const& in, std::string_view key);
    static void keep(numbers& in, std::string_view key, number flow);
    number begin();
    void begin_at(number flow);
    owners* owners_of(number flow);
    bool has_client(number flow) const;
    bool has_family(number flow) const;
    bool begins_anew(http::exchange_facts const& f, number by_peer) const;
    bool is_kept(number flow) const noexcept;
    number of_family(http::exchange_facts const& f, number by_peer);
    number of_client(std::string const& client, number by_peer);

    numbers families_;
    numbers clients_;
    numbers peers_;
    std::vector<owners> owners_;  // of the latest flows, in a circle
    number next_ = 1;
};

}  // namespace tollgate::control
