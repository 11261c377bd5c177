// Layer: sees a request on its way in and the answer on its way out.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "http/pipeline/router.hpp"

namespace tollgate::http {

// A layer that may wait: it asks `next`, or answers by itself.
using waiting_layer = std::function<task<outcome<reply>>(context&, handler const& next)>;

// When a request came to the plain layers that stand together.
struct arrival {
    std::chrono::steady_clock::time_point at;
    time_point time;  // real
};

// A layer that waits for nothing. Those that stand one behind another share one coroutine, which
// each would cost otherwise. Either function may be empty.
struct plain_layer {
    // An answer in the place of all that stands further in; nothing: those are asked.
    std::function<std::optional<outcome<reply>>(context&)> on_the_way_in{};
    // Sees what they answered, and may change it. Not after an answer of its own, and not where one
    // of them threw.
    std::function<void(context&, arrival const&, outcome<reply>&)> on_the_way_out{};
};

using layer = std::variant<waiting_layer, plain_layer>;

// The first layer is the outermost. The order is an argument: the one list that is passed
// here says beside each line why it stands there.
handler stack(std::vector<layer> layers, handler innermost);

}  // namespace tollgate::http
