#include "http/pipeline/challenge.hpp"

#include <memory>
#include <utility>

#include "http/pipeline/context.hpp"

namespace tollgate::http {

layer challenge_style_layer(std::function<challenge_wording(context const&)> wording) {
    auto const shared = std::make_shared<context::wording_source const>(std::move(wording));
    auto style = [shared](context& c) {
        if (c.guarded() && c.realm_handle()) c.style_challenges(*shared);
        return std::optional<outcome<reply>>();
    };
    return plain_layer{std::move(style), {}};
}

}  // namespace tollgate::http
