// Layer: sees a request on its way in and the answer on its way out.
#pragma once

#include <functional>
#include <vector>

#include "http/pipeline/router.hpp"

namespace tollgate::http {

using layer = std::function<task<outcome<reply>>(context&, handler const& next)>;

// The first layer is the outermost. The order is an argument: the one list that is passed
// here says beside each line why it stands there.
handler stack(std::vector<layer> layers, handler innermost);

}  // namespace tollgate::http
