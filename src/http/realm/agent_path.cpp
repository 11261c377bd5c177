#include "http/realm/agent_path.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tollgate::http {

namespace {

constexpr std::string_view placeholder = "{agent}";
constexpr std::size_t longest_name = 64;
constexpr std::string_view words_of_our_own[] = {"r", "s", "control", "register"};

bool is_name_character(char c) noexcept {
    auto const low = to_lower(c);
    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._~-").find(c) != std::string_view::npos;
}

}  // namespace

bool has_agent(std::string_view pattern) noexcept {
    return pattern.find(placeholder) != std::string_view::npos;
}

std::string with_agent(std::string_view pattern, std::string_view agent) {
    std::string path(pattern);
    auto const at = path.find(placeholder);
    if (at != std::string::npos && !agent.empty()) path.replace(at, placeholder.size(), agent);
    return path;
}

std::optional<std::string_view> agent_in(std::string_view path, std::string_view pattern) noexcept {
    auto const at = pattern.find(placeholder);
    if (at == std::string_view::npos) return std::nullopt;
    auto const before = pattern.substr(0, at);
    auto const behind = pattern.substr(at + placeholder.size());
    if (path.size() <= before.size() + behind.size()) return std::nullopt;
    if (!path.starts_with(before) || !path.ends_with(behind)) return std::nullopt;
    auto const middle = path.substr(at, path.size() - before.size() - behind.size());
    if (middle.find('/') != std::string_view::npos) return std::nullopt;
    return middle;
}

bool is_agent_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > longest_name || text.front() == '.') return false;
    return std::ranges::all_of(text, is_name_character) &&
           std::ranges::find(words_of_our_own, text) == std::end(words_of_our_own);
}

outcome<std::string_view> agent_at(mcp_paths const& paths, std::string_view path) {
    constexpr std::string_view document = "/.well-known/oauth-protected-resource";
    if (path.starts_with(document)) path.remove_prefix(document.size());
    for (auto const* pattern : {&paths.mcp, &paths.sse, &paths.messages}) {
        auto const name = agent_in(path, *pattern);
        if (!name) continue;
        if (is_agent_name(*name)) return *name;
        return problem(404, "not_found",
                       "there is no agent \"" + printable(*name, longest_name) + '"');
    }
    return std::string_view();
}

}  // namespace tollgate::http
