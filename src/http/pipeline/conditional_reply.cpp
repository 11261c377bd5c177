#include "http/pipeline/conditional_reply.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "http/message/caching.hpp"

namespace tollgate::oauth {

http::reply discovery_reply(http::context const& c, boost::json::object const& o) {
    auto r = http::json_reply(200, boost::json::serialize(o));
    auto tag = http::entity_tag(r.body);
    if (http::matches_entity_tag(c.request().header("If-None-Match"), tag)) r = http::reply(304);
    r.headers.set("Cache-Control", "no-cache");
    r.headers.set("ETag", std::move(tag));
    return r;
}

}  // namespace tollgate::oauth
