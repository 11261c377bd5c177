#include "control/instances/request_gate.hpp"

#include <mutex>
#include <utility>

#include "base/text.hpp"
#include "control/realms/realm_names.hpp"
#include "http/pipeline/cors.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/realm/subject.hpp"

namespace tollgate::control {

namespace {

constexpr std::string_view realms_path = "/control/realms";
// Anybody can think of names; what is forgotten is asked for again.
constexpr std::size_t most_known = 4'096;

problem owner_is_away() {
    return problem(503, "temporarily_unavailable",
                   "the instance that answers for this realm cannot be reached; another one will, "
                   "within ten seconds")
        .with("Retry-After", "1");
}

problem store_is_away() {
    return problem(503, "temporarily_unavailable", "the store cannot be reached")
        .with("Retry-After", "1");
}

bool is_of_each_instance(std::string_view path) noexcept {
    return path == "/healthz" || path == "/readyz" || path == "/metrics";
}

}  // namespace

request_gate::request_gate(realm_registry& realms, http::resolver const& names,
                           oauth::realm_owners& owners, service inner)
    : realms_(realms), names_(names), owners_(owners), inner_(std::move(inner)) {}

request_gate::subject request_gate::subject_of(http::request const& r,
                                               http::listener_info const& l) const {
    if (is_of_each_instance(r.path)) return {};
    auto found = http::subject_of(r, l, names_.names(), realms_.cells());
    if (!found) return {};
    std::string_view path = found->path;
    if (path == realms_path && r.method == http::verb::post) return {};
    bool const reads = r.method == http::verb::get || r.method == http::verb::head;
    if (path == realms_path && reads) return {scope::all_realms, {}};
    if (path.starts_with(realms_path) && path.size() > realms_path.size() + 1 &&
        path[realms_path.size()] == '/') {
        path.remove_prefix(realms_path.size() + 1);
        found->realm = path.substr(0, path.find('/'));
    }
    // Realms by scenario path are of whoever has `default`; and so is what names none.
    if (!is_realm_name(found->realm)) found->realm = default_name;
    return {scope::realm, std::move(found->realm)};
}

task<http::reply> request_gate::answer(http::request const& r, http::listener_info const& l,
                                       boost::asio::any_io_executor on, bool passed) {
    auto about = subject_of(r, l);
    if (about.of == scope::all_realms && !passed) {
        auto all = co_await list_all(r, l, on);
        co_return all;
    }
    if (about.of != scope::realm || realms_.has(about.realm)) {
        auto own = co_await inner_(r, l, on);
        co_return own;
    }
    auto answer = co_await answer_for(std::move(about.realm), r, l, on, passed);
    co_return answer;
}

task<http::reply> request_gate::answer_for(std::string realm, http::request const& r,
                                           http::listener_info const& l,
                                           boost::asio::any_io_executor on, bool passed) {
    // What is not known to be alive must not be trusted, and least of all ourselves.
    if (!owners_.is_alive()) co_return unavailable(r, store_is_away());
    auto const owner = co_await elsewhere(realm, passed);
    if (!owner) co_return unavailable(r, owner.error());
    if (*owner && passed) {
        http::reply not_mine;
        not_mine.stream = std::make_unique<http::passing_order>();
        co_return not_mine;
    }
    if (*owner) co_return pass_to(realm, **owner, r);
    auto own = co_await inner_(r, l, on);
    co_return own;
}

// Who has the realm; nothing: it is here now, or there is none of that name.
// Another instance has a reason to believe that it is ours: what we believe is not asked then.
task<outcome<std::optional<oauth::instance>>> request_gate::elsewhere(std::string realm,
                                                                      bool passed) {
    auto near = passed ? std::nullopt : known(realm);
    if (near) co_return std::move(near);
    if (realm != default_name) {
        auto const there = co_await realms_.is_kept(realm);
        if (!there) co_return store_is_away();
        if (!*there) co_return std::optional<oauth::instance>();
    }
    bool const sure = [&] {
        std::shared_lock const lock(mutex_);
        return known_.contains(realm);
    }();
    auto const claim = co_await realms_.have(realm, sure);
    if (!claim) co_return claim.error();
    if (claim->ours) {
        forget(realm);
        co_return std::optional<oauth::instance>();
    }
    note(realm, claim->owner.id, claim->owner.address);
    co_return std::optional<oauth::instance>(claim->owner);
}

std::optional<oauth::instance> request_gate::known(std::string_view realm) const {
    std::shared_lock const lock(mutex_);
    auto const at = known_.find(realm);
    if (at == known_.end() || at->second.doubtful) return std::nullopt;
    if (!owners_.lives(at->second.owner.id)) return std::nullopt;
    return at->second.owner;
}

void request_gate::note(std::string const& realm, std::string id, std::string address) {
    std::unique_lock const lock(mutex_);
    if (known_.size() >= most_known) known_.clear();
    whereabouts where;
    where.owner.id = std::move(id);
    where.owner.address = std::move(address);
    known_.insert_or_assign(realm, std::move(where));
}

void request_gate::forget(std::string const& realm) {
    std::unique_lock const lock(mutex_);
    known_.erase(realm);
}

http::reply request_gate::pass_to(std::string const& realm, oauth::instance const& owner,
                                  http::request const& r) {
    auto order = std::make_unique<http::passing_order>();
    order->instance = owner.id;
    order->address = owner.address;
    order->failed = [this, realm](bool) {
        std::unique_lock const lock(mutex_);
        auto const at = known_.find(realm);
        if (at != known_.end()) at->second.doubtful = true;
    };
    // The connection keeps the request until it has done with the order.
    order->otherwise = [this, &r] { return unavailable(r, owner_is_away()); };
    http::reply passed;
    passed.stream = std::move(order);
    return passed;
}

http::reply request_gate::unavailable(http::request const& r, problem const& why) const {
    auto answer = http::render(why);
    http::route_match const none;
    http::expose_to_origin(names_, r, none, answer.headers);
    if (!answer.headers.has("Cache-Control")) answer.headers.add("Cache-Control", "no-store");
    return answer;
}

}  // namespace tollgate::control
