// OpenAPI description of the control plane: src/control/api/openapi.json, compiled in.
#pragma once

#include <string_view>

namespace tollgate::control::api {

// With {version} and {control} (the control base of a realm) where these go.
extern std::string_view const openapi_document;

}  // namespace tollgate::control::api
