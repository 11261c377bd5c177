// Validation targets: whom a remote validator asks about a token.
#pragma once

#include <string>
#include <string_view>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/realm/place.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/upstream/metadata.hpp"

namespace tollgate::oauth {

// The endpoint that a strategy needs, by all its names.
struct validation_endpoint {
    std::string_view name;                        // "userinfo endpoint"
    std::string_view key;                         // "userinfo_endpoint", of [upstream]
    std::string provider_metadata::*of_provider;  // where the provider's metadata have it
    http::endpoint_path own_path;                 // below our own issuer
};

struct validation_target {
    std::string url;
    bool own = false;  // our own AS, which answers with everything that validation needs
};

// validator_options::endpoint, else that of `upstream`, else our own. 503 when the provider does
// not tell. Both references live until the answer is there.
task<outcome<validation_target>> find_validation_target(validator_options const& o,
                                                        http::place const& where,
                                                        validation_endpoint const& wanted);

}  // namespace tollgate::oauth
