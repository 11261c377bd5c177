#include "mcp/offerings/prompts/prompt_book.hpp"

#include "mcp/protocol/content.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace {

json::array describe_arguments(prompt const& p, revision r) {
    json::array out;
    for (auto const& a : p.arguments) {
        json::object one;
        one["name"] = view(a.name);
        if (r >= revision::v2025_06_18) one["title"] = view(a.title);
        one["description"] = view(a.description);
        one["required"] = a.required;
        out.push_back(std::move(one));
    }
    return out;
}

json::object describe(prompt const& p, revision r) {
    json::object out;
    out["name"] = view(p.name);
    if (r >= revision::v2025_06_18) out["title"] = view(p.title);
    out["description"] = view(p.description);
    if (p.icon && r >= revision::v2025_11_25) out["icons"] = icons();
    if (!p.arguments.empty()) out["arguments"] = describe_arguments(p, r);
    return out;
}

}  // namespace

void prompt_result::add(json::object block) {
    json::object message;
    message["role"] = "user";
    message["content"] = std::move(block);
    messages.push_back(std::move(message));
}

prompt_argument const* prompt::find(std::string_view argument) const noexcept {
    for (auto const& a : arguments) {
        if (a.name == argument) return &a;
    }
    return nullptr;
}

prompt_book::prompt_book(std::span<prompt const* const> prompts) {
    for (auto const* const p : prompts) {
        prompts_.push_back(p);
        list_.add(p->name, p->available, [p](revision r) { return describe(*p, r); });
    }
}

prompt const* prompt_book::find(call const& c, std::string_view name) const noexcept {
    for (auto const* const p : prompts_) {
        if (p->name == name) return p->available.holds(c.policy, c.revision) ? p : nullptr;
    }
    return nullptr;
}

}  // namespace tollgate::mcp
