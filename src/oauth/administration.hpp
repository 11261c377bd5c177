// Administration of an authorization server, by the control plane: an interface, so that `control`
// needs nothing else of `oauth`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/realm/realm.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/store_trouble.hpp"
#include "store/store.hpp"

namespace tollgate::http {
class context;
}

namespace tollgate::oauth {

struct realm_counts {
    std::size_t access_tokens = 0;            // alive
    std::size_t clients = 0;                  // registered and configured
    std::vector<std::string> refresh_tokens;  // pseudonyms of those alive, never the tokens
};

struct stand_in {
    std::string url;
    bool configured = false;  // by config.toml: not of the realm's own
};

class administration {
public:
    virtual ~administration() = default;

    // Gives a new realm its state: keys, configured clients, seeds, policy.
    virtual void open(http::realm& r) = 0;
    // What the store still has of a realm that was opened just now, from before a restart: its keys
    // and its seeds. Its clock must be right already.
    virtual task<outcome<void>> restore(http::realm& r) = 0;
    // Forgets everything that is stored for it.
    virtual task<outcome<void>> close(std::string realm_name) = 0;

    virtual std::shared_ptr<policy const> current_policy(http::realm const& r) const = 0;
    virtual void set_policy(http::realm& r, policy p) = 0;
    // Every grant type that a request may name here, whatever the policy of a realm.
    virtual std::vector<std::string_view> grant_types() const = 0;
    // The policy that the configuration gives a new realm.
    virtual policy configured_policy() const = 0;

    // Gives the realm new signing keys of the algorithms it signs with; the old public keys stay
    // in its key set for as long as what they signed is valid. The key id of the new key that
    // signs access tokens. Problem 409 when too many old keys are still valid.
    virtual task<outcome<std::string>> rotate_keys(http::realm& r) = 0;
    virtual task<outcome<void>> revoke_access_tokens(http::realm& r) = 0;
    // A refresh token that is valid from now on; binds to the first client that presents it.
    // Problem 400 for one that is empty, too long or has characters outside RFC 6749 A.17.
    virtual task<outcome<void>> seed_refresh_token(http::realm& r, std::string token) = 0;
    // Client metadata and key sets that stand in for what a URL would answer, in this realm.
    // Problem 400 for what is neither, or is not about that URL; 409 when the realm has too many.
    virtual outcome<void> put_client_document(http::realm& r, std::string url,
                                              boost::json::object document) = 0;
    virtual std::vector<stand_in> client_documents(http::realm const& r) const = 0;
    // How many of those that were put went: that of `url`, or all of them where it is empty.
    virtual std::size_t erase_client_documents(http::realm& r, std::string_view url) = 0;
    // Tokens, codes and grants die, policy returns to the configuration, seeds are valid again,
    // registered clients stay.
    virtual task<outcome<void>> reset(http::realm& r) = 0;
    // Registered clients are gone, whatever they were granted stays: for after a reset.
    virtual task<outcome<void>> forget_clients(http::realm& r) = 0;
    virtual task<outcome<realm_counts>> count(http::realm& r) = 0;

    // All that the realm has here at this moment, and that again in the place of what it has: of
    // itself, or of a realm that begins as its copy. Keys of stored tokens go along. Requests under
    // way end as they began. Its clock is the caller's to set, before load(). `beside`: records of
    // the caller's that are written with it, all or nothing.
    virtual task<outcome<http::image_ptr>> save(http::realm const& r) = 0;
    virtual task<outcome<void>> load(http::realm& r, http::image_ptr image,
                                     realm_records beside) = 0;
    // Of this one request: its policy, another one, and a store in which something goes wrong too.
    virtual policy const& policy_of(http::context const& c) const = 0;
    virtual void use_policy(http::context& c, policy p) = 0;
    virtual void trouble_store(http::context& c, store_trouble what) = 0;
    // The family of a token or code of ours; empty for any other.
    virtual task<outcome<std::string>> family_of(http::realm& r, std::string token) = 0;
    // An access or refresh token; one that there is not is no failure, nor is it below.
    virtual task<outcome<void>> revoke_token(http::realm& r, std::string token) = 0;
    virtual task<outcome<void>> revoke_family(http::realm& r, std::string family) = 0;
    virtual task<outcome<void>> revoke_refresh_tokens(http::realm& r) = 0;
    // A registered client; what it was granted stays.
    virtual task<outcome<void>> forget_client(http::realm& r, std::string id) = 0;
    // Keys that were replaced go from the key set before what they signed has expired.
    virtual task<outcome<void>> drop_old_keys(http::realm& r) = 0;
    // With a key of nobody in particular (ES256, PEM): what a scenario's own issuer signs. Problem
    // "invalid_key" for what is no such key.
    virtual outcome<std::string> sign_with(std::string_view pem, boost::json::object const& header,
                                           boost::json::object const& claims) const = 0;
    // The claims of what such a key has signed; 401 for anything else. Only the signature is
    // looked at.
    virtual outcome<boost::json::object> claims_by(std::string_view pem,
                                                   std::string_view jwt) const = 0;
    // New keys under the ids of the old ones, which are gone.
    virtual task<outcome<void>> renew_keys_by_old_names(http::realm& r) = 0;
};

}  // namespace tollgate::oauth
