#include "http/pipeline/layer.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::http {

namespace {

// Plain layers that stand one behind another, and what stands further in.
struct plain_stack {
    std::vector<plain_layer> layers;
    handler inner;
};

// Stops at the one that answers, and says in `passed` how many it has been let through by.
std::optional<outcome<reply>> go_in(plain_stack const& s, context& c, std::size_t& passed) {
    for (passed = 0; passed < s.layers.size(); ++passed) {
        auto const& in = s.layers[passed].on_the_way_in;
        auto early = in ? in(c) : std::nullopt;
        if (early) return early;
    }
    return std::nullopt;
}

void go_out(plain_stack const& s, context& c, arrival const& when, std::size_t passed,
            outcome<reply>& answer) {
    while (passed > 0) {
        auto const& out = s.layers[--passed].on_the_way_out;
        if (out) out(c, when, answer);
    }
}

task<outcome<reply>> pass_plain(plain_stack const& s, context& c) {
    arrival const when{std::chrono::steady_clock::now(), c.real_now()};
    std::size_t passed = 0;
    auto early = go_in(s, c, passed);
    if (early) {
        go_out(s, c, when, passed, *early);
        co_return std::move(*early);
    }
    auto answer = co_await s.inner(c);
    go_out(s, c, when, passed, answer);
    co_return answer;
}

handler wrap(waiting_layer outer, handler inner) {
    return [outer = std::move(outer), inner = std::move(inner)](context& c) {
        return outer(c, inner);
    };
}

handler wrap(std::vector<plain_layer> together, handler inner) {
    if (together.empty()) return inner;
    std::ranges::reverse(together);
    auto const all =
        std::make_shared<plain_stack const>(plain_stack{std::move(together), std::move(inner)});
    return [all](context& c) { return pass_plain(*all, c); };
}

}  // namespace

task<outcome<reply>> run_route(context& c) {
    return (*c.route().run)(c);
}

handler stack(std::vector<layer> layers, handler innermost) {
    auto all = std::move(innermost);
    std::vector<plain_layer> together;  // innermost first
    for (auto l = layers.rbegin(); l != layers.rend(); ++l) {
        if (auto* plain = std::get_if<plain_layer>(&*l)) {
            together.push_back(std::move(*plain));
            continue;
        }
        all = wrap(std::exchange(together, {}), std::move(all));
        all = wrap(std::move(std::get<waiting_layer>(*l)), std::move(all));
    }
    return wrap(std::move(together), std::move(all));
}

}  // namespace tollgate::http
