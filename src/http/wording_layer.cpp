#include "http/wording_layer.hpp"

#include "http/context.hpp"

namespace tollgate::http {

layer wording_layer(std::function<challenge_wording(realm const&)> wording) {
    return [wording = std::move(wording)](context& c, handler const& next) {
        if (c.guarded() && c.realm_handle()) c.word_challenges(wording(c.realm()));
        return next(c);
    };
}

}  // namespace tollgate::http
