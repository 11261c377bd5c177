#include "oauth/client_auth/remote_keys.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "oauth/clients/client_document.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

using keys = std::vector<verification_key>;

// A set of some keys with their certificates.
constexpr std::size_t most_key_set_bytes = 32 << 10;

problem no_keys(std::string sentence) {
    return errors::invalid_client.because(sentence).log(sentence);
}

outcome<keys> keys_in(boost::json::object const& set) {
    auto found = parse_jwks(boost::json::serialize(set));
    if (found && !found->empty()) return found;
    return no_keys("the client's key set holds no key that can verify a signature here");
}

task<outcome<keys>> keys_at(server& s, http::context& c, std::string url, bool anew) {
    auto const& p = s.rules(c);
    // The client chose the address: it leads only where the policy lets a stranger send us.
    auto const reach = reach_of(url, p);
    if (!reach) co_return no_keys("the client's jwks_uri cannot be asked");
    remote_question q;
    q.noun = "the client's key set at its jwks_uri";
    q.url = url;
    q.reach = *reach;
    q.most = most_key_set_bytes;
    q.anew = anew;
    auto const set = co_await s.document(c.realm(), std::move(q));
    if (!set) co_return set.error();
    auto found = keys_in(**set);
    // Not kept: whoever mends the document need not wait for its end.
    if (!found) s.forget_document(c.realm(), url);
    co_return found;
}

}  // namespace

task<outcome<keys>> client_keys(server& s, http::context& c, client const& who, bool anew) {
    if (auto const* set = who.metadata.if_contains("jwks")) co_return keys_in(set->as_object());
    auto const* uri = who.metadata.if_contains("jwks_uri");
    if (!uri) co_return no_keys("this client has registered no keys");
    std::string url(uri->as_string());
    co_return co_await keys_at(s, c, std::move(url), anew);
}

task<outcome<std::vector<verification_key>>> trusted_keys(server& s, http::context& c,
                                                          trusted_issuer const& from, bool anew) {
    if (!from.jwks.empty()) co_return jwks_from(from.jwks);
    // The configuration chose this address, so no guard stands before it.
    auto* sets = s.key_sets();
    if (!sets) co_return errors::temporarily_unavailable.log("nothing to fetch keys with");
    auto asked = anew ? sets->refresh(from.jwks_uri) : sets->get(from.jwks_uri);
    auto const keys = co_await std::move(asked);
    if (!keys) co_return errors::temporarily_unavailable.log(keys.error().log_text());
    c.note("keys", from.jwks_uri);
    co_return **keys;
}

}  // namespace tollgate::oauth
