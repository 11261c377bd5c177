#include "config/values/formats.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/message/url.hpp"

namespace tollgate::settings {

std::optional<address> parse_address(std::string_view text) {
    auto const parts = http::split_host(text);
    if (!parts || !parts->port) return std::nullopt;
    return address{parts->host, *parts->port};
}

bool is_loopback(address const& a) {
    return http::is_on_this_machine(a.host);
}

std::string without_trailing_slash(std::string text) {
    while (text.ends_with('/'))
        text.pop_back();
    return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto const end = std::min(text.find(separator), text.size());
        if (end != 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string in_quotes(std::string_view text) {
    return '"' + tollgate::printable(text) + '"';
}

std::string quoted_list(std::vector<std::string> const& words, std::string_view last_joint) {
    std::string all;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i != 0) all += i + 1 == words.size() ? last_joint : std::string_view(", ");
        all += '"' + words[i] + '"';
    }
    return all;
}

bool has(std::vector<std::string> const& list, std::string_view text) noexcept {
    return std::ranges::find(list, text) != list.end();
}

}  // namespace tollgate::settings
