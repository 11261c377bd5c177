#include "mcp/session.hpp"

#include <utility>

#include "http/crypto.hpp"

namespace tollgate::mcp {

namespace {

// What a strategy does not reveal cannot tell two callers apart.
bool equal_where_known(std::string const& a, std::string const& b) noexcept {
    return a.empty() || b.empty() || a == b;
}

}  // namespace

session::owner::owner(http::credential const& c)
    : subject(c.who.subject), client_id(c.who.client_id), digest(c.digest) {}

bool session::owner::is(http::credential const& c, session_binding binding) const {
    if (binding == session_binding::token) return http::equal_in_constant_time(digest, c.digest);
    return subject == c.who.subject && equal_where_known(client_id, c.who.client_id);
}

session::session(std::string id, transport via, mcp::revision r, http::credential const* opener)
    : id_(std::move(id)), via_(via), revision_(r) {
    if (opener != nullptr) owner_.emplace(*opener);
}

bool session::admits(http::credential const* who, session_binding binding) {
    std::lock_guard const hold(lock_);
    if (!owner_) {
        if (who != nullptr) owner_.emplace(*who);
        return true;
    }
    return who != nullptr && owner_->is(*who, binding);
}

void session::set_outbox(std::shared_ptr<sse::channel> stream) {
    std::lock_guard const hold(lock_);
    outbox_ = std::move(stream);
}

std::shared_ptr<sse::channel> session::outbox() const {
    std::lock_guard const hold(lock_);
    return outbox_;
}

std::string session_label(std::string const& id) {
    return id.substr(0, 8);
}

}  // namespace tollgate::mcp
