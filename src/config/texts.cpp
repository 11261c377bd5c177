#include "config/texts.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace tollgate::settings {
namespace {

flaw flaw_of_word(std::string const& text, description const& is) {
    auto const words = split(is.allowed, '|');
    if (std::ranges::find(words, text) != words.end()) return std::nullopt;
    return in_quotes(text) + " is none of " + quoted_list(words, ", ");
}

flaw flaw_of_scope_list(std::string const& text) {
    for (auto const& token : split(text, ' '))
        if (auto wrong = flaw_of_scope_token(token)) return wrong;
    return std::nullopt;
}

flaw flaw_of_file(std::string const& text, std::string const& folder) {
    auto const path = finished(text, format::file, folder);
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return in_quotes(path) + " is a folder";
    errno = 0;
    if (std::ifstream(path).good()) return std::nullopt;
    return in_quotes(path) + " cannot be read: " + std::strerror(errno);
}

}  // namespace

flaw flaw_of(std::string const& text, description const& is, std::string const& folder) {
    switch (is.form) {
        case format::any:
            return std::nullopt;
        case format::one_of:
            return flaw_of_word(text, is);
        case format::address:
            return flaw_of_address(text);
        case format::public_origin:
            return flaw_of_origin(text);
        case format::origin:
            return flaw_of_page_origin(text);
        case format::url:
            return flaw_of_url(text);
        case format::base_url:
            return flaw_of_base_url(text);
        case format::host:
            return flaw_of_host(text);
        case format::file:
            return flaw_of_file(text, folder);
        case format::new_file:
            if (text.empty()) return "must not be empty";
            return std::nullopt;
        case format::http_path:
            return flaw_of_http_path(text);
        case format::endpoint_path:
            return flaw_of_endpoint_path(text);
        case format::scope_token:
            return flaw_of_scope_token(text);
        case format::scope_list:
            return flaw_of_scope_list(text);
        case format::printable:
            return flaw_of_printable(text);
        case format::bearer_token:
            return flaw_of_bearer_token(text);
        case format::redirect_uri:
            return flaw_of_redirect_uri(text);
        case format::header_field:
            return flaw_of_header_field(text);
    }
    return std::nullopt;
}

std::string finished(std::string text, format form, std::string const& folder) {
    if (form == format::origin) return compared_origin(std::move(text));
    if (form == format::public_origin) return without_trailing_slash(std::move(text));
    if (form != format::file || text.empty()) return text;
    return (std::filesystem::path(folder) / text).lexically_normal().string();
}

}  // namespace tollgate::settings
