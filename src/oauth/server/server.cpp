#include "oauth/server/server.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/crypto.hpp"
#include "base/task.hpp"
#include "oauth/clients/client_document.hpp"
#include "oauth/clients/client_grants.hpp"
#include "oauth/clients/test_page_client.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/model/supported.hpp"
#include "oauth/server/internal_credential.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t longest_refresh_token = 4096;
// Of a digest: tells the tokens of a realm apart and opens nothing.
constexpr std::size_t pseudonym_length = 8;
constexpr std::chrono::seconds key_set_timeout{5};

// RFC 6749 Appendix A.17: refresh-token = 1*VSCHAR.
bool is_refresh_token(std::string_view token) noexcept {
    return !token.empty() && token.size() <= longest_refresh_token &&
           std::ranges::all_of(token, [](char c) { return c >= ' ' && c <= '~'; });
}

std::vector<std::string> digests_of(std::vector<std::string> const& tokens) {
    std::vector<std::string> digests;
    for (auto const& t : tokens) {
        if (!is_refresh_token(t))
            throw std::invalid_argument("a seeded refresh token must be printable ASCII");
        digests.push_back(digest_of(t));
    }
    return digests;
}

std::shared_ptr<key_source> make_keys(server_options& o) {
    auto given = std::move(o.kept_keys);
    if (o.key) given.push_back(std::move(*o.key));
    if (!o.hs256_secret.empty()) given.push_back(signing_key::from_secret(o.hs256_secret).value());
    return std::make_shared<key_source>(std::move(given));
}

// What some client of the configuration can use.
std::vector<std::string> grants_of(std::vector<client> const& clients) {
    std::vector<std::string> types;
    for (auto const type : all_grants) {
        bool const used = std::ranges::any_of(clients, [&](client const& c) {
            return c.may_use(type) && !(c.is_public() && needs_confidential_client(type));
        });
        if (used) types.emplace_back(type);
    }
    return types;
}

client_ptr shared(client c) {
    return std::make_shared<client const>(std::move(c));
}

client made_of(known_client const& from) {
    configured_client c;
    c.client_id = from.id;
    c.client_secret = from.secret;
    c.token_endpoint_auth_method = from.auth_method;
    c.grant_types = from.grant_types;
    c.jwks = from.jwks;
    return make_clients({c}).front();
}

// Hangs on the realm: what it has taken of the budgets is free when it is gone.
struct budget_share {
    std::shared_ptr<budgets> of;
    std::uint64_t realm;

    budget_share(std::shared_ptr<budgets> b, std::uint64_t id) : of(std::move(b)), realm(id) {}
    budget_share(budget_share const&) = delete;
    budget_share& operator=(budget_share const&) = delete;
    ~budget_share() { of->forget_realm(realm); }
};

// Not-found is a success for those who want something gone.
template <class T>
outcome<void> finished(outcome<T> const& done) {
    if (!done && done.error().status() != 404) return done.error();
    return {};
}

}  // namespace

server::server(server_options o, tollgate::clock const& time, store& s,
               boost::asio::thread_pool& workers)
    : configured_(std::move(o.configured)),
      clients_(make_clients(o.clients)),
      seeds_(digests_of(o.seed_refresh)),
      client_documents_(std::make_shared<documents_by_url const>(std::move(o.client_documents))),
      keys_(make_keys(o)),
      keeper_(std::move(o.keeper)),
      browsers_(std::move(o.browsers)),
      store_is_new_(o.store_is_new),
      internal_credential_(std::move(o.internal_credential)),
      test_page_client_(std::move(o.test_page_client)),
      parts_(std::move(o.parts)),
      reseal_(std::move(o.reseal)),
      broker_(o.broker),
      clock_(time),
      store_(s),
      vault_(s),
      budgets_(std::make_shared<budgets>(o.limits)),
      workers_(workers),
      guesses_(o.guesses) {
    configured_.brokered = broker_ != nullptr;
    configured_.configured_grant_types = grants_of(clients_);
    if (o.outbound) key_sets_.emplace(*o.outbound, key_set_timeout, time);
    if (o.outbound) documents_.emplace(*o.outbound, time);
}

void server::open(http::realm& r) {
    vault_.keep_time(r.name(), r.time_handle());
    r.attach(std::make_shared<realm_state>(fit_for(r, configured_), seeds_, keys_));
    r.attach(std::make_shared<budget_share>(budgets_, r.id()));
    auto name_key = browsers_ ? browsers_->name_key(r.name()) : random_token();
    r.attach(std::make_shared<browser_sessions>(std::move(name_key)));
    r.attach(std::make_shared<document_stand_ins>(client_documents_));
    for (auto const& part : parts_)
        part.open(r);
}

task<outcome<void>> server::restore(http::realm& r) {
    auto const seeds = co_await vault_.find_seeds(r.name());
    if (!seeds) co_return seeds.error();
    for (auto const& added : seeds->added)
        state(r).add_seed(added);
    for (auto const& used : seeds->used)
        state(r).drop_seed(used);
    if (!store_is_new_) state(r).dpop().forget_what_was_before(r.time().at(clock_.now()));
    if (!keeper_) co_return outcome<void>();
    auto keys = co_await keeper_->find(r.name());
    if (!keys) co_return keys.error();
    if (*keys) state(r).keys().load(std::move(**keys));
    co_return outcome<void>();
}

std::vector<std::string_view> server::grant_types() const {
    return {all_grants.begin(), all_grants.end()};
}

task<outcome<void>> server::close(std::string realm_name) {
    // Whatever there is: a later realm of the same name must find nothing of this one.
    auto all = all_kinds();
    auto const done = co_await vault_.forget(realm_name, std::move(all));
    if (done) vault_.keep_time(realm_name, nullptr);
    co_return finished(done);
}

std::shared_ptr<policy const> server::current_policy(http::realm const& r) const {
    return state(r).current();
}

void server::set_policy(http::realm& r, policy p) {
    state(r).set(fit_for(r, std::move(p)));
}

// The provider sends nobody on to itself.
policy server::fit_for(http::realm const& r, policy p) const {
    if (!provider_realm_.empty() && r.name() == provider_realm_) p.brokered = false;
    return p;
}

dpop_rules server::dpop(http::context const& c) const {
    auto const& p = rules(c);
    dpop_rules wanted;
    wanted.mode = p.dpop;
    wanted.nonce = p.dpop_nonce;
    wanted.state = &state(c.realm()).dpop();
    return wanted;
}

std::optional<verification_key> server::hs256_verifier(http::realm const& r) const {
    auto& here = state(r);
    if (here.current()->signing_alg != jws_algorithm::hs256) return std::nullopt;
    return here.keys().current(jws_algorithm::hs256).verifier();
}

task<outcome<void>> server::revoke_access_tokens(http::realm& r) {
    // An id_token could be exchanged for another access token (RFC 8693).
    std::vector<kind> const tokens{kind::access_token, kind::id_token};
    auto const done = co_await vault_.forget(r.name(), tokens);
    co_return finished(done);
}

task<outcome<void>> server::seed_refresh_token(http::realm& r, std::string token) {
    if (!is_refresh_token(token)) {
        co_return errors::invalid_request.because(
            "a refresh token is 1 to 4096 printable ASCII characters (RFC 6749 A.17)");
    }
    auto const kept = co_await vault_.add_seed(r.name(), token);
    auto result = finished(kept);
    if (result) state(r).add_seed(digest_of(token));
    co_return result;
}

task<outcome<void>> server::reset(http::realm& r) {
    auto granted = kinds_of_logins();
    auto const done = co_await vault_.forget(r.name(), std::move(granted));
    auto result = finished(done);
    if (!result) co_return result;
    budgets_->reset(r.id());
    state(r).reset(fit_for(r, configured_), seeds_);
    logins(r).reset();
    // Of all realms: who may reset one may reset any, and wants to go on.
    guesses_.reset();
    for (auto const& part : parts_)
        part.reset(r);
    co_return result;
}

task<outcome<void>> server::forget_clients(http::realm& r) {
    std::vector<kind> const registered{kind::client};
    auto const done = co_await vault_.forget(r.name(), registered);
    auto result = finished(done);
    if (result) budgets_->clients.forget_realm(r.id());
    co_return result;
}

task<outcome<realm_counts>> server::count(http::realm& r) {
    realm_counts counts;
    auto const access = co_await vault_.count(r.name(), kind::access_token);
    if (!access) co_return access.error();
    auto const clients = co_await vault_.count(r.name(), kind::client);
    if (!clients) co_return clients.error();
    auto refresh = co_await vault_.digests(r.name(), kind::refresh_token);
    if (!refresh) co_return refresh.error();
    counts.access_tokens = *access;
    counts.clients = *clients + clients_.size();
    counts.refresh_tokens = std::move(*refresh);
    for (auto& seed : state(r).waiting_seeds())
        counts.refresh_tokens.push_back(std::move(seed));
    for (auto& pseudonym : counts.refresh_tokens)
        pseudonym.resize(pseudonym_length);
    std::ranges::sort(counts.refresh_tokens);
    co_return counts;
}

task<outcome<client_ptr>> server::find_client_of_realm(http::context const& c, std::string id) {
    // First: nobody can register, or publish, what the configuration has named. The server owns
    // these, and outlives whoever asks.
    for (auto const& known : clients_)
        if (known.id == id) co_return client_ptr(client_ptr(), &known);
    for (auto const& known : rules(c).known_clients)
        if (known.id == id) co_return shared(made_of(known));
    if (is_document_id(id)) co_return co_await find_documented_client(c, std::move(id));
    auto found = co_await vault_.find_client(c.realm().name(), id);
    if (!found) co_return found.error();
    limit_grants(*found, rules(c));
    co_return shared(std::move(*found));
}

bool server::is_test_page(std::string_view client_id) const {
    return client_id == test_page_client_id && test_page_client_ && test_page_client_() &&
           std::ranges::find(clients_, client_id, &client::id) == clients_.end();
}

task<outcome<client_ptr>> server::find_client(http::context const& c, std::string id) {
    if (is_test_page(id)) co_return shared(test_page_client(c.place()));
    auto found = co_await find_client_of_realm(c, std::move(id));
    co_return found;
}

bool server::is_internal(http::request const& r) const noexcept {
    return !internal_credential_.empty() && r.count(internal_credential_header) == 1 &&
           equal_in_constant_time(r.header(internal_credential_header), internal_credential_);
}

}  // namespace tollgate::oauth
