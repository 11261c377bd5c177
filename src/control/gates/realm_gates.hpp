// The gates of a realm.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "control/faults/realm_faults.hpp"
#include "control/gates/gate.hpp"

namespace tollgate::control {

struct listed_gate {
    std::string id;
    std::string fault;           // its id
    boost::json::object select;  // as it was given
    std::shared_ptr<control::gate const> gate;
};

// Hangs on the realm. Thread-safe.
class realm_gates {
public:
    std::string add(std::shared_ptr<gate const> g, std::string fault, boost::json::object select);
    std::vector<listed_gate> all() const;
    std::optional<listed_gate> find(std::string_view id) const;
    void erase(std::string_view id);
    // Opens all of them and forgets them: a reset.
    void clear();

private:
    mutable std::mutex mutex_;
    std::uint64_t next_ = 1;
    std::vector<listed_gate> gates_;
};

}  // namespace tollgate::control
