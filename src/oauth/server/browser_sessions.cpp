#include "oauth/server/browser_sessions.hpp"

#include <algorithm>
#include <utility>

#include "base/crypto.hpp"

namespace tollgate::oauth {

account const* login_session::find(std::string_view subject) const noexcept {
    auto const a = std::ranges::find(accounts, subject, &account::subject);
    return a == accounts.end() ? nullptr : &*a;
}

bool login_session::covers(agreement const& a) const {
    auto const given = agreed.find(a.with);
    return given != agreed.end() && is_subset(a.scopes, given->second);
}

browser_sessions::browser_sessions(std::string name_key)
    : name_key_(std::move(name_key)), form_key_(random_token()) {}

std::optional<login_session> browser_sessions::find(std::string_view cookie, time_point now) {
    auto const key = digest_of(cookie);
    std::lock_guard const lock(mutex_);
    auto const* session = sessions_.find(key, now);
    if (!session) return std::nullopt;
    return *session;
}

login_session browser_sessions::log_in(std::string_view cookie, std::string_view next, account who,
                                       agreement agreed, time_point now) {
    auto const old_key = digest_of(cookie);
    auto const new_key = digest_of(next);
    std::lock_guard const lock(mutex_);
    login_session session;
    if (auto* before = sessions_.find(old_key, now)) session = std::move(*before);
    sessions_.erase(old_key);
    auto& former = session.former;
    std::erase_if(former, [now](auto const& f) { return f.until <= now; });
    if (former.size() >= most_former_names) former.erase(former.begin());
    former.push_back({std::string(cookie), now + page_life});
    auto& accounts = session.accounts;
    std::erase_if(accounts, [&](account const& a) { return a.subject == who.subject; });
    if (accounts.size() >= most_accounts) accounts.erase(accounts.begin());
    accounts.push_back(std::move(who));
    // All at once: the worst of it is that somebody is asked again.
    if (session.agreed.size() >= most_agreements) session.agreed.clear();
    auto& scopes = session.agreed[agreed.with];
    for (auto const& scope : agreed.scopes)
        scopes = with_scope(std::move(scopes), scope);
    return sessions_.put(new_key, std::move(session), now + session_life);
}

void browser_sessions::recall(std::string_view cookie, login_session session, time_point until) {
    auto const key = digest_of(cookie);
    std::lock_guard const lock(mutex_);
    sessions_.put(key, std::move(session), until);
}

std::optional<browser_sessions::claimed> browser_sessions::claim_page(
    std::string_view nonce, std::string_view answer, time_point now,
    std::chrono::milliseconds moment) {
    std::lock_guard const lock(mutex_);
    if (auto const* before = pages_.find(nonce, now)) {
        if (before->answer != answer || now - before->at > moment) return std::nullopt;
        return claimed{before->code, true};
    }
    answered first{std::string(answer), random_token(), now};
    return claimed{pages_.put(nonce, std::move(first), now + page_life).code, false};
}

void browser_sessions::reset() {
    std::lock_guard const lock(mutex_);
    // Not pages_: their seals stay good, and what was answered must not be answered twice.
    sessions_.clear();
}

std::shared_ptr<browser_sessions::image const> browser_sessions::save() const {
    std::lock_guard const lock(mutex_);
    return std::make_shared<image const>(image{sessions_, pages_});
}

void browser_sessions::load(image const& then) {
    auto sessions = then.sessions;
    auto pages = then.pages;
    std::lock_guard const lock(mutex_);
    sessions_ = std::move(sessions);
    pages_ = std::move(pages);
}

}  // namespace tollgate::oauth
