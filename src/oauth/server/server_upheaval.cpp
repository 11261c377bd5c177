// What the control plane does to one realm, or for one request, besides the policy: clients and
// tokens that go, a store in which something goes wrong.
#include <memory>

#include "oauth/records/troubled_store.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

namespace {

// Owns the store that stands in front of the right one.
struct troubled_records {
    std::unique_ptr<store> front;
    vault records;

    explicit troubled_records(std::unique_ptr<store> s) : front(std::move(s)), records(*front) {}
};

outcome<void> gone(problem const& why) {
    if (why.status() == 404) return {};
    return why;
}

}  // namespace

void server::use_policy(http::context& c, policy p) {
    c.keep<policy>(std::make_shared<policy const>(std::move(p)));
}

void server::trouble_store(http::context& c, store_trouble what) {
    if (auto const before = c.kept<request_records>()) what = what | before->trouble;
    auto made = std::make_shared<troubled_records>(make_troubled_store(store_, what));
    auto all = std::make_shared<request_records const>(
        request_records{std::shared_ptr<vault>(made, &made->records), what});
    c.keep<request_records>(std::move(all));
}

task<outcome<std::string>> server::family_of(http::realm& r, std::string token) {
    auto const access = co_await vault_.find_access(r.name(), token);
    if (access) co_return access->grant.family;
    auto const refresh = co_await vault_.find_refresh(r.name(), token);
    if (refresh) co_return refresh->token.grant.family;
    auto const code = co_await vault_.find_code(r.name(), token);
    if (code) co_return code->code.grant.family;
    co_return std::string();
}

task<outcome<void>> server::revoke_token(http::realm& r, std::string token) {
    auto const found = co_await vault_.find_access(r.name(), token);
    if (found) co_return co_await vault_.revoke_access(r.name(), token, *found);
    auto const gone_now = co_await vault_.erase_refresh(r.name(), token);
    if (!gone_now) co_return gone(gone_now.error());
    co_return outcome<void>();
}

task<outcome<void>> server::revoke_family(http::realm& r, std::string family) {
    auto const done = co_await vault_.revoke_family(r.name(), family);
    if (!done) co_return gone(done.error());
    co_return outcome<void>();
}

task<outcome<void>> server::revoke_refresh_tokens(http::realm& r) {
    std::vector<kind> const tokens{kind::refresh_token};
    auto const done = co_await vault_.forget(r.name(), tokens);
    if (!done) co_return gone(done.error());
    co_return outcome<void>();
}

task<outcome<void>> server::forget_client(http::realm& r, std::string id) {
    auto const done = co_await vault_.erase_client(r.name(), id);
    if (!done) co_return gone(done.error());
    if (*done) budgets_->clients.give_back(r.id(), id);
    co_return outcome<void>();
}

}  // namespace tollgate::oauth
