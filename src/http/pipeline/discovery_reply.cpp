#include "http/pipeline/discovery_reply.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "http/message/caching.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t most_documents = 64;  // of agents there may be any number

bool has_it(request const& r, std::string_view tag) {
    return r.has("If-None-Match") && matches_entity_tag(r.list("If-None-Match"), tag);
}

}  // namespace

discovery_document::discovery_document(boost::json::object const& o)
    : body(boost::json::serialize(o)), tag(entity_tag(body)) {}

discovery_documents::document discovery_documents::find(std::string_view key) const {
    std::lock_guard const lock(mutex_);
    auto const at = made_.find(key);
    return at == made_.end() ? nullptr : at->second;
}

discovery_documents::document discovery_documents::keep(std::string_view key,
                                                        boost::json::object const& o) {
    auto made = std::make_shared<discovery_document const>(o);
    std::lock_guard const lock(mutex_);
    if (made_.size() >= most_documents) made_.clear();
    made_.insert_or_assign(std::string(key), made);
    return made;
}

reply discovery_reply(context const& c, discovery_document const& d) {
    auto r = has_it(c.request(), d.tag) ? reply(304) : json_reply(200, d.body);
    r.headers.add("Cache-Control", "no-cache");
    r.headers.add("ETag", d.tag);
    return r;
}

reply discovery_reply(context const& c, boost::json::object const& o) {
    return discovery_reply(c, discovery_document(o));
}

}  // namespace tollgate::http
