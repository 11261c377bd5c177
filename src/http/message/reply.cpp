#include "http/message/reply.hpp"

#include <utility>

namespace tollgate::http {

reply::reply(unsigned s, std::string content_type, std::string text)
    : status(s), body(std::move(text)) {
    headers.add("Content-Type", std::move(content_type));
}

reply json_reply(unsigned status, std::string json_text) {
    return reply(status, "application/json", std::move(json_text));
}

reply redirect(std::string location) {
    reply r(302);
    r.headers.add("Location", std::move(location));
    r.headers.add("Cache-Control", "no-store");
    return r;
}

}  // namespace tollgate::http
