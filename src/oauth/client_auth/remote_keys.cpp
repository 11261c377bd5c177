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
    auto const p = s.current_policy(c.realm());
    auto const reach = reach_of(url, *p);
    if (!reach) co_return no_keys("the client's jwks_uri cannot be asked");
    remote_question q;
    q.what = "the client's key set at its jwks_uri";
    q.url = url;
    q.reach = *reach;
    q.most = most_key_set_bytes;
    q.anew = anew;
    auto const set = co_await s.document(c.realm(), std::move(q));
    if (!set) co_return set.error();
    auto found = keys_in(**set);
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

}  // namespace tollgate::oauth
