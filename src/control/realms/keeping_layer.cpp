#include "control/realms/keeping_layer.hpp"

#include "http/pipeline/context.hpp"

namespace tollgate::control {

namespace {

// `next` is the server's own, and outlives every request.
task<outcome<http::reply>> keep_after(realm_registry& realms, http::context& c,
                                      http::handler const& next) {
    auto answer = co_await next(c);
    if (!answer || answer->status >= 300) co_return answer;
    auto const kept = co_await realms.keep(c.realm_handle());
    if (!kept) co_return kept.error();
    // /control/realms/NAME/…: the realm that it is about is another one.
    auto const named = realms.look(c.parameter("name"));
    if (!named) co_return answer;
    auto const other = co_await realms.keep(named);
    if (!other) co_return other.error();
    co_return answer;
}

}  // namespace

http::layer keeping_layer(realm_registry& realms) {
    return [&realms](http::context& c, http::handler const& next) {
        bool const changes = (c.route().flags & http::control_plane) != 0 &&
                             c.request().method != http::verb::get &&
                             c.request().method != http::verb::head;
        return changes && realms.is_lasting() ? keep_after(realms, c, next) : next(c);
    };
}

}  // namespace tollgate::control
