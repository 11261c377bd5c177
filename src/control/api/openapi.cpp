#include "control/api/openapi.hpp"

#include "control/api/api.hpp"

namespace tollgate::control::api {

namespace {

std::string with(std::string text, std::string_view name, std::string_view value) {
    auto const at = text.find(name);
    return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

}  // namespace

task<outcome<reply>> openapi(control_plane&, context& c) {
    auto const base = c.place().issuer_here() + "/control";
    auto text = with(std::string(openapi_document), "{version}", TOLLGATE_VERSION);
    auto r = http::json_reply(200, with(std::move(text), "{control}", base));
    r.headers.set("Cache-Control", "no-store");
    co_return r;
}

}  // namespace tollgate::control::api
