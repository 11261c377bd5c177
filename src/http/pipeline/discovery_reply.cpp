#include "http/pipeline/discovery_reply.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "http/message/caching.hpp"

namespace tollgate::http {

reply discovery_reply(context const& c, boost::json::object const& o) {
    auto r = json_reply(200, boost::json::serialize(o));
    auto tag = entity_tag(r.body);
    if (matches_entity_tag(c.request().list("If-None-Match"), tag)) r = reply(304);
    r.headers.set("Cache-Control", "no-cache");
    r.headers.set("ETag", std::move(tag));
    return r;
}

}  // namespace tollgate::http
