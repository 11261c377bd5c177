// Scope algebra (RFC 6749 §3.3): an ordered list of distinct, case-sensitive tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::oauth {

using scope_list = std::vector<std::string>;

// scope = scope-token *( SP scope-token ). A token that is there twice counts once. Nothing for
// text that does not follow the grammar, and for the empty one.
std::optional<scope_list> parse_scope(std::string_view text);
std::string scope_text(scope_list const& scopes);

bool has_scope(scope_list const& scopes, std::string_view scope) noexcept;
bool is_subset(scope_list const& part, scope_list const& whole) noexcept;
// Those of `a` that `b` has as well, in the order of `a`.
scope_list intersection(scope_list const& a, scope_list const& b);
scope_list with_scope(scope_list scopes, std::string_view scope);

}  // namespace tollgate::oauth
