#include "control/realms/keeping_layer.hpp"

#include "http/pipeline/context.hpp"

namespace tollgate::control {

namespace {

constexpr std::string_view realms_path = "/control/realms";

// The realm that a call changes. Below /control/realms that is the one whose name the path has: the
// realm of the request is another one then, and may be another instance's. Null: none that is here.
http::realm_ptr subject_of(realm_registry& realms, http::context& c) {
    if (!c.path().starts_with(realms_path)) return c.realm_handle();
    return realms.look(c.parameter("name"));
}

// DELETE /control/realms/NAME
bool removes_its_subject(http::context const& c) {
    auto path = c.path();
    if (c.request().method != http::verb::delete_ || !path.starts_with(realms_path)) return false;
    path.remove_prefix(realms_path.size());
    return path.rfind('/') == 0;
}

// `next` is the server's own, and outlives every request.
task<outcome<http::reply>> keep_after(realm_registry& realms, http::context& c,
                                      http::handler const& next) {
    auto const before = subject_of(realms, c);
    auto answer = co_await next(c);
    if (!answer || answer->status >= 300) co_return answer;
    if (!before || removes_its_subject(c)) co_return answer;
    auto const kept = co_await realms.keep(before);
    if (!kept) co_return kept.error();
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
