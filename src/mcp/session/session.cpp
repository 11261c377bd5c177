#include "mcp/session/session.hpp"

#include <memory>
#include <utility>

#include "base/crypto.hpp"

namespace tollgate::mcp {

namespace {

// What a strategy does not reveal cannot tell two callers apart.
bool equal_where_known(std::string const& a, std::string const& b) noexcept {
    return a.empty() || b.empty() || a == b;
}

}  // namespace

session_owner session_owner::of(http::credential const& c) {
    return {c.who.subject, c.who.client_id, c.digest};
}

bool session_owner::is(http::credential const& c, session_binding binding) const {
    if (binding == session_binding::token) return equal_in_constant_time(digest, c.digest);
    return subject == c.who.subject && equal_where_known(client_id, c.who.client_id);
}

session::session(std::string id, transport via, mcp::revision r, http::credential const* opener,
                 std::size_t replay_bytes, std::string agent)
    : streams(replay_bytes),
      id_(std::move(id)),
      via_(via),
      agent_(std::move(agent)),
      revision_(r),
      client_(std::make_shared<client_profile const>()) {
    if (opener != nullptr)
        owner_ = std::make_unique<session_owner const>(session_owner::of(*opener));
}

session::session(image const& then, std::size_t replay_bytes)
    : streams(replay_bytes),
      id_(then.id),
      via_(then.via),
      agent_(then.agent),
      revision_(then.revision),
      initialized_(then.initialized),
      owner_(then.opener ? std::make_unique<session_owner const>(*then.opener) : nullptr),
      client_(then.client),
      log_level_(then.log_level),
      subscriptions_(then.subscriptions) {}

session::image session::save() const {
    std::lock_guard const hold(lock_);
    return {id_,        via_,          agent_,
            revision(), initialized(), owner_ ? std::optional(*owner_) : std::nullopt,
            client_,    log_level_,    subscriptions_};
}

void session::set_kept(std::uint64_t changes, time_point until) noexcept {
    kept_changes_.store(changes, std::memory_order_relaxed);
    kept_until_.store(until, std::memory_order_relaxed);
}

bool session::needs_keeping(time_point at) const noexcept {
    return kept_changes_.load(std::memory_order_relaxed) != changes() ||
           kept_until_.load(std::memory_order_relaxed) <= at;
}

bool session::admits(http::credential const* who, session_binding binding) {
    {
        std::lock_guard const hold(lock_);
        if (owner_) return who != nullptr && owner_->is(*who, binding);
        if (who == nullptr) return true;
        owner_ = std::make_unique<session_owner const>(session_owner::of(*who));
    }
    note_change();
    // Nobody in particular had opened them, and what is said on them is the principal's from now
    // on.
    streams.drop_standalone();
    return true;
}

std::shared_ptr<client_profile const> session::client() const {
    std::lock_guard const hold(lock_);
    return client_;
}

void session::set_client(client_profile p) {
    auto fresh = std::make_shared<client_profile const>(std::move(p));
    std::lock_guard const hold(lock_);
    // The old one dies with `fresh`, after the lock.
    client_.swap(fresh);
    note_change();
}

std::optional<logging_level> session::log_level() const {
    std::lock_guard const hold(lock_);
    return log_level_;
}

void session::set_log_level(logging_level l) {
    std::lock_guard const hold(lock_);
    log_level_ = l;
    note_change();
}

bool session::subscribe(std::string_view uri) {
    std::lock_guard const hold(lock_);
    if (subscriptions_.contains(uri)) return true;
    if (subscriptions_.size() >= max_subscriptions) return false;
    subscriptions_.emplace(uri);
    note_change();
    return true;
}

void session::unsubscribe(std::string_view uri) {
    std::lock_guard const hold(lock_);
    auto const known = subscriptions_.find(uri);
    if (known == subscriptions_.end()) return;
    subscriptions_.erase(known);
    note_change();
}

bool session::subscribed(std::string_view uri) const {
    std::lock_guard const hold(lock_);
    return subscriptions_.contains(uri);
}

bool session::tell(std::string_view method, json::object const& params) {
    auto const text = notification_text(method, params);
    return via_ == transport::sse ? streams.say_plainly(text) : streams.tell(text);
}

void session::end() noexcept {
    calls.seal();
    streams.seal();
}

std::string session_label(std::string const& id) {
    return id.substr(0, 8);
}

}  // namespace tollgate::mcp
