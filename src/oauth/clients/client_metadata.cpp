#include "oauth/clients/client_metadata.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "http/message/url.hpp"
#include "oauth/clients/client_metadata_rules.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/records.hpp"
#include "oauth/model/redirect_uri.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_metadata = 16 << 10;

enum class shape { text, url, texts, object, flag, seconds };

struct member {
    std::string_view name;
    shape expected;
    bool per_language = false;  // RFC 7591 §2.2: "client_name#ja"
};

// RFC 7591 §2, OpenID Connect Registration §2, RFC 9449 §5.2.
constexpr std::array members{
    member{"redirect_uris", shape::texts},
    member{"token_endpoint_auth_method", shape::text},
    member{"grant_types", shape::texts},
    member{"response_types", shape::texts},
    member{"client_name", shape::text, true},
    member{"client_uri", shape::url, true},
    member{"logo_uri", shape::url, true},
    member{"tos_uri", shape::url, true},
    member{"policy_uri", shape::url, true},
    member{"jwks_uri", shape::url},
    member{"jwks", shape::object},
    member{"scope", shape::text},
    member{"contacts", shape::texts},
    member{"software_id", shape::text},
    member{"software_version", shape::text},
    member{"application_type", shape::text},
    member{"id_token_signed_response_alg", shape::text},
    member{"default_max_age", shape::seconds},
    member{"require_auth_time", shape::flag},
    member{"dpop_bound_access_tokens", shape::flag},
};

member const* known(std::string_view name) {
    auto const base = name.substr(0, name.find('#'));
    for (auto const& m : members) {
        if (m.name == base && (base.size() == name.size() || m.per_language)) return &m;
    }
    return nullptr;
}

// An absent member in disguise.
bool says_nothing(json::value const& v) {
    return v.is_null() || (v.is_string() && v.as_string().empty());
}

bool are_texts(json::value const& v) {
    return v.is_array() && std::ranges::all_of(v.as_array(), [](auto const& e) {
               return e.is_string() && !e.as_string().empty();
           });
}

// These are shown to people as links: no javascript: and the like.
bool is_web_url(json::value const& v) {
    if (!v.is_string()) return false;
    std::string_view const url = v.as_string();
    // A link may have a fragment, unlike what this check was made for.
    return is_absolute_without_fragment(url.substr(0, url.find('#'))) &&
           http::split_url(url).has_value();
}

bool is_seconds(json::value const& v) {
    return v.is_int64() && v.get_int64() >= 0;
}

// The end of a sentence; empty when the value is fine.
std::string_view mismatch(shape wanted, json::value const& v) {
    switch (wanted) {
        case shape::text:
            return v.is_string() ? "" : "must be a string";
        case shape::url:
            return is_web_url(v) ? "" : "must be an http or https URL";
        case shape::texts:
            return are_texts(v) ? "" : "must be an array of strings that are not empty";
        case shape::flag:
            return v.is_bool() ? "" : "must be true or false";
        case shape::seconds:
            return is_seconds(v) ? "" : "must be a number of seconds";
        case shape::object:
            break;
    }
    return v.is_object() ? "" : "must be an object";
}

// The members that are known, each of its type.
outcome<json::object> known_members(json::object const& sent) {
    json::object taken;
    for (auto const& [name, value] : sent) {
        auto const* m = known(name);
        if (!m || says_nothing(value)) continue;
        if (auto const wrong = mismatch(m->expected, value); !wrong.empty())
            return bad_metadata(tollgate::printable(name, 60) + ' ' + std::string(wrong));
        taken[name] = value;
    }
    // Measured is what would be kept: members that are ignored cost nothing.
    if (json::serialize(taken).size() > longest_metadata)
        return bad_metadata("the client metadata is larger than 16 KiB");
    return taken;
}

// RFC 7591 §5: what a client says of itself is shown to people, who must be able to see all of it.
// A name of nothing but what cannot be seen is none.
void clean_names(json::object& o) {
    std::vector<std::string> empty;
    for (auto& [name, value] : o) {
        if (std::string_view(name).substr(0, name.find('#')) != "client_name") continue;
        auto const seen = without_invisible(std::string_view(value.as_string()));
        if (trim(seen).empty())
            empty.emplace_back(name);
        else
            value = seen;
    }
    for (auto const& name : empty)
        o.erase(name);
}

// RFC 7591 §2.3, §3.2.2. Refused and not ignored: what it says would have taken precedence, and a
// client that sends one must learn that it went unheard. A JWT has three parts.
std::optional<problem> no_software_statement(json::object const& sent) {
    auto const* statement = sent.if_contains("software_statement");
    if (!statement) return std::nullopt;
    if (!statement->is_string() || std::ranges::count(statement->as_string(), '.') != 2)
        return errors::invalid_software_statement;
    return errors::unapproved_software_statement;
}

// Grants first: redirects and authentication are held against them.
constexpr std::array rules{&apply_grants_rules, &apply_redirects_rules, &apply_authentication_rules,
                           &apply_scope_rules, &apply_identity_rules};

}  // namespace

outcome<json::object> registered_metadata(json::value const& sent, policy const& p) {
    if (!sent.is_object()) return bad_metadata("client metadata is a JSON object");
    if (auto why = no_software_statement(sent.get_object())) return std::move(*why);
    auto o = known_members(sent.get_object());
    if (!o) return o;
    clean_names(*o);
    for (auto const settle : rules) {
        if (auto why = settle(*o, p)) return std::move(*why);
    }
    return o;
}

}  // namespace tollgate::oauth
