// Discovery: the metadata document in both its names, and the keys.
#include <boost/json/array.hpp>

#include "http/pipeline/discovery_reply.hpp"
#include "oauth/discovery/metadata_document.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

endpoint_result metadata_endpoint(server& s, http::context& c) {
    auto const& p = s.rules(c);
    co_return http::discovery_reply(c, metadata_document(c.place(), p));
}

endpoint_result jwks_endpoint(server& s, http::context& c) {
    json::array keys;
    auto const& p = s.rules(c);
    auto& ring = s.state(c.realm()).keys();
    for (auto& jwk : ring.published(id_token_algorithms(p), c.now()))
        keys.emplace_back(std::move(jwk));
    json::object set;
    set["keys"] = std::move(keys);
    co_return http::discovery_reply(c, set);
}

}  // namespace tollgate::oauth
