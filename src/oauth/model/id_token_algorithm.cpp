#include "oauth/model/id_token_algorithm.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace tollgate::oauth {

std::vector<jws_algorithm> id_token_algorithms(policy const& p) {
    std::vector<jws_algorithm> all{jws_algorithm::rs256};
    if (p.signing_alg != jws_algorithm::rs256 && p.signing_alg != jws_algorithm::hs256)
        all.push_back(p.signing_alg);
    return all;
}

jws_algorithm id_token_algorithm(policy const& p, boost::json::object const& client_metadata) {
    auto const name = text_member(client_metadata, "id_token_signed_response_alg");
    auto const wanted = algorithm_named(name.value_or(""));
    auto const offered = id_token_algorithms(p);
    bool const good = wanted && std::ranges::find(offered, *wanted) != offered.end();
    return good ? *wanted : jws_algorithm::rs256;
}

}  // namespace tollgate::oauth
