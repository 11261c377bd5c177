#include "control/gates/realm_gates.hpp"

#include <algorithm>

namespace tollgate::control {

std::string realm_gates::add(std::shared_ptr<gate const> g, std::string fault,
                             boost::json::object select) {
    std::lock_guard const lock(mutex_);
    auto id = std::to_string(next_++);
    gates_.push_back({id, std::move(fault), std::move(select), std::move(g)});
    return id;
}

std::vector<listed_gate> realm_gates::all() const {
    std::lock_guard const lock(mutex_);
    return gates_;
}

std::optional<listed_gate> realm_gates::find(std::string_view id) const {
    std::lock_guard const lock(mutex_);
    auto const at = std::ranges::find(gates_, id, &listed_gate::id);
    return at == gates_.end() ? std::nullopt : std::optional<listed_gate>(*at);
}

void realm_gates::erase(std::string_view id) {
    std::lock_guard const lock(mutex_);
    std::erase_if(gates_, [&](auto const& g) { return g.id == id; });
}

void realm_gates::clear() {
    std::vector<listed_gate> gone;
    {
        std::lock_guard const lock(mutex_);
        gone.swap(gates_);
    }
    for (auto const& g : gone)
        g.gate->open();
}

}  // namespace tollgate::control
