#include "app/sessions/kept_sessions.hpp"

#include <utility>

#include "base/crypto.hpp"
#include "mcp/session/session_document.hpp"

namespace tollgate {

using oauth::kind;
using oauth::record;

namespace {

std::string key_of(std::string_view id) {
    return base64url(sha256(id));
}

}  // namespace

// Of two who write the same session, the one who writes last has seen what the other had done.
task<outcome<void>> kept_sessions::write(std::string const& realm, mcp::session const& s,
                                         time_point until) {
    auto const key = key_of(s.id());
    for (;;) {
        auto const there = co_await store_.get(realm, kind::session, key);
        if (!there && there.error().status() != 404) co_return there.error();
        record r(document_of(s.save()), {}, until);
        auto write = there ? store_.replace(realm, kind::session, key, std::move(r), there->version)
                           : store_.put(realm, kind::session, key, std::move(r));
        auto const done = co_await std::move(write);
        // Somebody else was faster, or it was over: look again.
        if (done || done.error().status() == 503) co_return done;
    }
}

task<outcome<void>> kept_sessions::keep(http::realm_ptr r, std::shared_ptr<mcp::session> s,
                                        time_point until) {
    auto const changes = s->changes();
    auto const done = co_await write(r->name(), *s, until);
    if (!done) co_return done;
    s->set_kept(changes, until);
    // It ended meanwhile, and was forgotten before it was written.
    if (s->streams.is_sealed()) co_return co_await forget(std::move(r), s->id());
    co_return outcome<void>();
}

task<outcome<std::optional<mcp::kept_session>>> kept_sessions::find(http::realm_ptr r,
                                                                    std::string id) {
    std::optional<mcp::kept_session> found;
    auto const there = co_await store_.get(r->name(), kind::session, key_of(id));
    if (!there && there.error().status() == 404) co_return found;
    if (!there) co_return there.error();
    auto image = mcp::session_from(std::move(id), there->body);
    if (image) found.emplace(mcp::kept_session{std::move(*image), there->expires_at});
    co_return found;
}

task<outcome<void>> kept_sessions::forget(http::realm_ptr r, std::string id) {
    auto const done = co_await store_.erase(r->name(), kind::session, key_of(id));
    if (!done && done.error().status() != 404) co_return done;
    co_return outcome<void>();
}

task<outcome<void>> kept_sessions::forget_all(http::realm_ptr r) {
    std::vector<kind> sessions{kind::session};
    auto const done = co_await store_.erase_kinds(r->name(), std::move(sessions));
    if (!done) co_return done.error();
    co_return outcome<void>();
}

}  // namespace tollgate
