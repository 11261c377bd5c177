#include "oauth/client_keys.hpp"

#include <boost/json/serialize.hpp>

#include "oauth/errors.hpp"

namespace tollgate::oauth {

task<outcome<std::vector<verification_key>>> client_keys(server&, http::context&, client const& who,
                                                         bool) {
    auto const* set = who.metadata.if_contains("jwks");
    if (!set) co_return errors::invalid_client.because("this client has registered no keys");
    auto found = parse_jwks(boost::json::serialize(*set));
    if (found && !found->empty()) co_return found;
    co_return errors::invalid_client.because(
        "the client's key set holds no key that can verify a signature here");
}

}  // namespace tollgate::oauth
