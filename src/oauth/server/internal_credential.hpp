// Internal credential: how a validator of ours is known at our own authorization server.
#pragma once

#include <string_view>

namespace tollgate::oauth {

// The request header that carries it. Who has it is told of a token all that validation needs.
inline constexpr std::string_view internal_credential_header = "Tollgate-Internal";

}  // namespace tollgate::oauth
