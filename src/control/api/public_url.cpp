// public-url: new names for a running server.
#include "control/api/api.hpp"
#include "control/api/server_names.hpp"

namespace tollgate::control::api {

namespace {

std::optional<std::string> read_url(object_reader& in, server_names const& names,
                                    std::string_view member) {
    auto url = in.text(member, 2048);
    if (!url || url->empty()) return url;
    auto const flaw = names.settle(*url);
    if (!flaw.empty()) in.fail(member, flaw);
    return url;
}

outcome<http::renaming> read_names(context& c, server_names const& names) {
    auto const body = body_object(c);
    if (!body) return body.error();
    object_reader in(**body);
    http::renaming wanted;
    wanted.as = read_url(in, names, "authorization_server");
    wanted.mcp = read_url(in, names, "mcp");
    auto const ok = in.finish();
    if (!ok) return ok.error();
    if (!wanted.as && !wanted.mcp)
        return mistake("", "expected authorization_server, mcp or both: a URL, or \"\" for none");
    return wanted;
}

}  // namespace

task<outcome<reply>> public_url(control_plane& p, context& c) {
    auto* const names = p.names();
    if (names == nullptr) co_return problem(404, "not_found", "this server has a fixed name");
    if (p.realms().is_shared())
        co_return problem(
            409, "shared_server",
            "other instances serve this server, too, and would go on under the old "
            "names: write authorization_server.public_url and mcp.public_url into the "
            "configuration of all of them, and start them again");
    auto wanted = read_names(c, *names);
    if (!wanted) co_return wanted.error();
    auto const now = co_await names->rename(std::move(*wanted));
    if (!now) co_return now.error();
    co_return json_answer(200, *now);
}

}  // namespace tollgate::control::api
