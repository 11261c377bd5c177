#include "http/pipeline/layer.hpp"

#include <utility>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::http {

namespace {

handler wrap(layer outer, handler inner) {
    return [outer = std::move(outer), inner = std::move(inner)](context& c) {
        return outer(c, inner);
    };
}

}  // namespace

task<outcome<reply>> run_route(context& c) {
    return (*c.route().run)(c);
}

handler stack(std::vector<layer> layers, handler innermost) {
    auto all = std::move(innermost);
    for (auto l = layers.rbegin(); l != layers.rend(); ++l)
        all = wrap(std::move(*l), std::move(all));
    return all;
}

}  // namespace tollgate::http
