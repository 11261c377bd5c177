#include "control/faults/effects/merge_patch.hpp"

#include <boost/json/object.hpp>

namespace tollgate::control {

void merge_patch(boost::json::value& target, boost::json::value const& patch) {
    auto const* members = patch.if_object();
    if (members == nullptr) {
        target = patch;
        return;
    }
    if (!target.is_object()) target.emplace_object();
    auto& object = target.get_object();
    for (auto const& member : *members) {
        if (member.value().is_null()) {
            object.erase(member.key());
        } else {
            merge_patch(object[member.key()], member.value());
        }
    }
}

}  // namespace tollgate::control
