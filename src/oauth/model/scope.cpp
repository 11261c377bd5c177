#include "oauth/model/scope.hpp"

#include <algorithm>

namespace tollgate::oauth {

namespace {

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
bool is_scope_token(std::string_view token) noexcept {
    return !token.empty() && std::ranges::all_of(token, [](char c) {
        return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
    });
}

}  // namespace

std::optional<scope_list> parse_scope(std::string_view text) {
    scope_list scopes;
    for (;;) {
        auto const end = text.find(' ');
        auto const token = text.substr(0, end);
        // Two spaces in a row, or one at either end, leave an empty token.
        if (!is_scope_token(token)) return std::nullopt;
        if (!has_scope(scopes, token)) scopes.emplace_back(token);
        if (end == std::string_view::npos) return scopes;
        text.remove_prefix(end + 1);
    }
}

std::string scope_text(scope_list const& scopes) {
    std::string text;
    for (auto const& scope : scopes) {
        if (!text.empty()) text += ' ';
        text += scope;
    }
    return text;
}

bool has_scope(scope_list const& scopes, std::string_view scope) noexcept {
    return std::ranges::find(scopes, scope) != scopes.end();
}

bool is_subset(scope_list const& part, scope_list const& whole) noexcept {
    return std::ranges::all_of(part, [&](auto const& scope) { return has_scope(whole, scope); });
}

scope_list intersection(scope_list const& a, scope_list const& b) {
    scope_list both;
    std::ranges::copy_if(a, std::back_inserter(both),
                         [&](auto const& scope) { return has_scope(b, scope); });
    return both;
}

scope_list with_scope(scope_list scopes, std::string_view scope) {
    if (!has_scope(scopes, scope)) scopes.emplace_back(scope);
    return scopes;
}

}  // namespace tollgate::oauth
