// id_token_hint (OpenID Connect Core §3.1.2.1): an ID Token of ours that says whom the client
// believes to be there.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "http/realm/place.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// Its subject. The token may have expired. Fails with invalid_request when it is not one that we
// issued to this client.
outcome<std::string> hinted_subject(std::string_view id_token,
                                    std::vector<verification_key> const& keys,
                                    http::place const& where, client const& who, time_point now);

}  // namespace tollgate::oauth
