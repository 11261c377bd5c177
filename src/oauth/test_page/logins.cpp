#include "oauth/test_page/logins.hpp"

#include <utility>

#include "base/crypto.hpp"

namespace tollgate::oauth {

bool test_page_logins::knows(std::string_view browser, time_point now) {
    std::lock_guard const lock(mutex_);
    return browsers_.find(digest_of(browser), now) != nullptr;
}

void test_page_logins::begin(std::string_view state, std::string_view browser, begun_login l,
                             time_point now) {
    row r{digest_of(browser), std::move(l)};
    std::lock_guard const lock(mutex_);
    browsers_.put(r.browser, true, now + life);
    rows_.put(digest_of(state), std::move(r), now + life);
}

test_page_logins::redeemed test_page_logins::take(std::string_view state, std::string_view browser,
                                                  time_point now) {
    std::lock_guard const lock(mutex_);
    auto* found = rows_.find(digest_of(state), now);
    if (!found) return {finding::unknown};
    if (!equal_in_constant_time(found->browser, digest_of(browser)))
        return {finding::other_browser};
    if (found->used) return {finding::replayed};
    found->used = true;
    // What is kept only tells a repetition from a stranger: no secret is in it.
    return {finding::good, std::exchange(found->login, begun_login())};
}

void test_page_logins::reset() {
    std::lock_guard const lock(mutex_);
    rows_.clear();
    browsers_.clear();
}

std::shared_ptr<test_page_logins::image const> test_page_logins::save() const {
    std::lock_guard const lock(mutex_);
    return std::make_shared<image const>(image{rows_, browsers_});
}

void test_page_logins::load(image const& then) {
    auto rows = then.rows;
    auto browsers = then.browsers;
    std::lock_guard const lock(mutex_);
    rows_ = std::move(rows);
    browsers_ = std::move(browsers);
}

}  // namespace tollgate::oauth
