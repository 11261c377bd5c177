#include "oauth/grants/exchanged_token.hpp"

#include <algorithm>
#include <utility>

#include "base/crypto.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/tokens/dpop_binding.hpp"

namespace tollgate::oauth {

namespace {

// Each exchange adds three: a family, a token and, where it is another, a client.
constexpr std::size_t most_ancestors = 24;

problem refused_token(std::string sentence) {
    return errors::invalid_request.because(std::move(sentence));
}

// RFC 8693 §5: whoever got hold of a token could otherwise turn it into others.
bool may_present(client const& who, grant const& what) {
    return who.configured || what.client_id == who.id ||
           std::ranges::find(what.audience, who.id) != what.audience.end();
}

task<outcome<access_token>> find(server& s, http::context& c, std::string_view token, bool is_id) {
    auto const& realm = c.realm().name();
    if (is_id) co_return co_await s.records(c).find_id_token(realm, token);
    co_return co_await s.records(c).find_access(realm, token);
}

outcome<void> check_presenter(bool is_id, client const& who, grant const& what) {
    // OpenID Connect Core §3.1.3.7: an id_token is for the client in its aud.
    if (is_id && what.client_id != who.id) return refused_token("was issued to another client");
    if (may_present(who, what)) return {};
    return refused_token(
        "was issued to another client and is not for this one: only a client of the configuration "
        "may exchange it");
}

}  // namespace

task<outcome<access_token>> find_exchanged_token(server& s, http::context& c,
                                                 std::string_view token, std::string_view type,
                                                 client const& who) {
    bool const is_id = type == token_type::id;
    bool const jwt = type == token_type::jwt;
    if (!is_id && !jwt && type != token_type::access)
        co_return refused_token("is of a type that is not taken here");
    // Tokens are found by their text, whatever their format: the type can only be held against the
    // form.
    if (jwt && std::ranges::count(token, '.') != 2) co_return refused_token("is not a JWT");
    auto found = co_await find(s, c, token, is_id);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        co_return refused_token(is_id
                                    ? "is no id_token of this issuer, or has expired or was revoked"
                                    : "is unknown, expired or revoked");
    }
    auto const may = check_presenter(is_id, who, found->grant);
    if (!may) co_return may.error();
    // RFC 9449 §7.2: a bound token is worth nothing without its key, here as elsewhere.
    auto const other_key = key_disagrees(c, found->grant);
    if (other_key) co_return refused_token("is bound to a key that was not proven");
    co_return found;
}

outcome<grant> exchanged_grant(access_token const& from, client const& who) {
    auto what = from.grant;
    auto const inherit = [&](std::string group) {
        if (std::ranges::find(what.ancestors, group) == what.ancestors.end())
            what.ancestors.push_back(std::move(group));
    };
    // Revoking the old token, its family or its client ends what it was exchanged for.
    inherit(from.grant.family);
    if (!from.grant.client_id.empty()) inherit(client_group(from.grant.client_id));
    inherit(from.id);
    if (what.ancestors.size() > most_ancestors)
        return refused_token("came of too many exchanges in a row: exchange an earlier one");
    // The other way round nothing follows: revoking the new token leaves the old one alone.
    what.family = random_token(16);
    what.client_id = who.id;
    what.key.clear();  // what it becomes bound to is the matter of issue_tokens
    return what;
}

}  // namespace tollgate::oauth
