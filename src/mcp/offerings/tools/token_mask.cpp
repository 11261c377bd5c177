#include "mcp/offerings/tools/token_mask.hpp"

namespace tollgate::mcp {

namespace {

constexpr std::size_t shown_at_each_end = 4;
constexpr std::string_view ellipsis = "…";

}  // namespace

std::string masked_token(std::string_view token) {
    if (token.size() <= 4 * shown_at_each_end) return std::string(ellipsis);
    std::string shown(token.substr(0, shown_at_each_end));
    shown += ellipsis;
    shown += token.substr(token.size() - shown_at_each_end);
    return shown;
}

std::string with_masked_token(std::string text, std::string_view token) {
    if (token.empty()) return text;
    auto const mask = masked_token(token);
    for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at)) {
        text.replace(at, token.size(), mask);
        at += mask.size();
    }
    return text;
}

}  // namespace tollgate::mcp
