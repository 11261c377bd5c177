// Authorization server: one object that the endpoint handlers of all realms share.
//
// What belongs to a realm hangs on the realm (realm_state) or stands in the store under its
// name; what is here is the same for all of them. The keys that realms begin with are among those
// (key_source).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "base/clock.hpp"
#include "http/limits/guess_limit.hpp"
#include "http/message/request.hpp"
#include "oauth/administration.hpp"
#include "oauth/clients/configured_client.hpp"
#include "oauth/dpop/request.hpp"
#include "oauth/fetch/document_stand_ins.hpp"
#include "oauth/fetch/jwks_cache.hpp"
#include "oauth/fetch/remote_documents.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/limits/limits.hpp"
#include "oauth/records/vault.hpp"
#include "oauth/server/browser_sessions.hpp"
#include "oauth/server/kept_browsers.hpp"
#include "oauth/server/kept_keys.hpp"
#include "oauth/server/realm_state.hpp"

namespace tollgate::oauth {

class broker;

// What somebody else keeps for each realm that the server opens.
struct realm_part {
    std::function<void(http::realm&)> open;   // attaches it
    std::function<void(http::realm&)> reset;  // makes it as it was then
    // What it is at this moment, and that again.
    std::function<std::shared_ptr<void const>(http::realm const&)> save;
    std::function<void(http::realm&, void const*)> load;
};

struct server_options {
    policy configured;
    std::vector<configured_client> clients;
    std::vector<std::string> seed_refresh;
    oauth::limits limits;
    documents_by_url client_documents;  // stand in for what their URLs would answer
    // Asks for key sets of others and for documents of clients; must outlive the server. Without it
    // there are none.
    http::client* outbound = nullptr;
    // Broker mode; must outlive the server. Without it people log in here.
    oauth::broker* broker = nullptr;
    std::optional<signing_key> key;   // of configured.signing_alg; nothing: one is made
    std::string hs256_secret;         // for realms that sign with HS256; empty: one is made
    std::string internal_credential;  // Tollgate-Internal; empty: nobody has it
    http::guess_bounds guesses;       // at secrets of clients and passwords of users
    // Where keys outlive the process: of each algorithm that `key` and `hs256_secret` do not give.
    std::vector<signing_key> kept_keys{};
    std::shared_ptr<key_keeper> keeper{};
    std::shared_ptr<browser_keeper> browsers{};  // where logins of people outlive it, too
    // A store that nobody had before: no token in it is older than this process.
    bool store_is_new = false;
    // Whether the test page is a client here; empty: never.
    std::function<bool()> test_page_client;
    std::vector<realm_part> parts;
    // Broker mode: the stored provider token of a family, sealed for the realm `from`, as it is
    // good in the realm `to`; empty where it cannot be opened.
    std::function<std::string(std::string_view body, std::string_view family, std::string_view from,
                              std::string_view to)>
        reseal{};
};

// The vault that one request speaks to.
struct request_records {
    std::shared_ptr<vault> of;
    store_trouble trouble{};
};

class server final : public administration {
public:
    // All references must outlive it. Throws std::invalid_argument for a configured client or
    // seed that contradicts itself, with a sentence.
    server(server_options o, tollgate::clock const& time, store& s,
           boost::asio::thread_pool& workers);

    // Broker mode: the realm by whose login people come back is one of our own, in which they log
    // in here. Before it is made.
    void set_provider_realm(std::string name) { provider_realm_ = std::move(name); }

    void open(http::realm& r) override;
    task<outcome<void>> restore(http::realm& r) override;
    task<outcome<void>> close(std::string realm_name) override;
    void set_policy(http::realm& r, policy p) override;
    std::vector<std::string_view> grant_types() const override;
    policy configured_policy() const override { return configured_; }
    task<outcome<std::string>> rotate_keys(http::realm& r) override;
    task<outcome<void>> revoke_access_tokens(http::realm& r) override;
    task<outcome<void>> seed_refresh_token(http::realm& r, std::string token) override;
    outcome<void> put_client_document(http::realm& r, std::string url,
                                      boost::json::object document) override;
    std::vector<stand_in> client_documents(http::realm const& r) const override;
    std::size_t erase_client_documents(http::realm& r, std::string_view url) override;
    task<outcome<void>> reset(http::realm& r) override;
    task<outcome<void>> forget_clients(http::realm& r) override;
    task<outcome<realm_counts>> count(http::realm& r) override;
    task<outcome<http::image_ptr>> save(http::realm const& r) override;
    task<outcome<void>> load(http::realm& r, http::image_ptr image, realm_records beside) override;
    // server_upheaval.cpp
    policy const& policy_of(http::context const& c) const override { return rules(c); }
    void use_policy(http::context& c, policy p) override;
    void trouble_store(http::context& c, store_trouble what) override;
    task<outcome<std::string>> family_of(http::realm& r, std::string token) override;
    task<outcome<void>> revoke_token(http::realm& r, std::string token) override;
    task<outcome<void>> revoke_family(http::realm& r, std::string family) override;
    task<outcome<void>> revoke_refresh_tokens(http::realm& r) override;
    task<outcome<void>> forget_client(http::realm& r, std::string id) override;
    task<outcome<void>> drop_old_keys(http::realm& r) override;
    task<outcome<void>> renew_keys_by_old_names(http::realm& r) override;
    // stranger_keys.cpp
    outcome<std::string> sign_with(std::string_view pem, boost::json::object const& header,
                                   boost::json::object const& claims) const override;
    outcome<boost::json::object> claims_by(std::string_view pem,
                                           std::string_view jwt) const override;

    // Makes the keys that every realm needs, so that nobody who logs in has to wait for them: an
    // RSA key takes about 50 ms. Not by a thread that serves.
    void make_first_keys();

    // For the handlers.
    realm_state& state(http::realm const& r) const noexcept { return r.get<realm_state>(); }
    browser_sessions& logins(http::realm const& r) const noexcept {
        return r.get<browser_sessions>();
    }
    // Null: they end with the process.
    browser_keeper* browsers() const noexcept { return browsers_.get(); }
    vault& records() noexcept { return vault_; }
    // The records as the request sees them: a handler looks at no others.
    vault& records(http::context const& c) {
        auto const other = c.kept<request_records>();
        return other ? *other->of : vault_;
    }
    budgets& budget() const noexcept { return *budgets_; }
    // The policy of the request: one snapshot, whatever the control plane changes meanwhile.
    policy const& rules(http::context const& c) const {
        return *c.snapshot<policy>([&] { return state(c.realm()).current(); });
    }
    dpop_rules dpop(http::context const& c) const;
    // What verifies the tokens of a realm that signs with HS256; nothing for another.
    std::optional<verification_key> hs256_verifier(http::realm const& r) const;
    boost::asio::thread_pool& workers() noexcept { return workers_; }
    // Null where people log in here.
    oauth::broker* upstream() const noexcept { return broker_; }
    // Of trusted issuers; null without a client to ask with.
    jwks_cache* key_sets() noexcept { return key_sets_ ? &*key_sets_ : nullptr; }
    // Configured, registered, or described by the document at `id`. Failures as in
    // vault::find_client, and 401 invalid_client for a document that cannot be had or used.
    task<outcome<client_ptr>> find_client_of_realm(http::context const& c, std::string id);
    // Likewise, and the test page of the place that the request stands at is a client as well,
    // unless another one is configured by its name.
    task<outcome<client_ptr>> find_client(http::context const& c, std::string id);
    // What a client has elsewhere: its metadata document or key set, or what stands in for it in
    // the realm. Failures as in remote_documents::get; 503 without a client to ask with.
    task<outcome<remote_document>> document(http::realm const& r, remote_question q);
    // For a document that turned out to be of no use.
    void forget_document(http::realm const& r, std::string const& url);
    // At secrets and passwords of the configuration, which are the same in all realms.
    http::guess_limit& guesses() noexcept { return guesses_; }
    // True when the request carries our own credential: one of our validators asks.
    bool is_internal(http::request const& r) const noexcept;

private:
    // For the control plane. A handler reads rules().
    std::shared_ptr<policy const> current_policy(http::realm const& r) const override;
    task<outcome<void>> keep_keys(http::realm const& r, key_ring::image before);
    bool is_test_page(std::string_view client_id) const;
    policy fit_for(http::realm const& r, policy p) const;
    realm_records records_for(std::string const& to, realm_records records,
                              std::string const& from) const;
    task<outcome<client_ptr>> find_documented_client(http::context const& c, std::string id);

    policy configured_;
    std::vector<client> clients_;
    std::vector<std::string> seeds_;  // digests
    std::shared_ptr<documents_by_url const> client_documents_;
    std::shared_ptr<key_source> keys_;
    std::shared_ptr<key_keeper> keeper_;  // null: keys die with the process
    std::shared_ptr<browser_keeper> browsers_;
    bool const store_is_new_;
    std::string internal_credential_;
    std::function<bool()> test_page_client_;
    std::vector<realm_part> parts_;
    decltype(server_options::reseal) reseal_;
    oauth::broker* broker_;
    std::string provider_realm_;  // empty: the provider is somebody else
    tollgate::clock const& clock_;
    store& store_;
    vault vault_;
    std::shared_ptr<budgets> budgets_;
    std::optional<remote_documents> documents_;
    boost::asio::thread_pool& workers_;
    std::optional<jwks_cache> key_sets_;
    http::guess_limit guesses_;
};

}  // namespace tollgate::oauth
