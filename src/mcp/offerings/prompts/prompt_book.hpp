// Prompt book: all prompts of the server, and their list as each revision wants to see it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "mcp/offerings/listing.hpp"
#include "mcp/offerings/prompts/prompt.hpp"

namespace tollgate::mcp {

class prompt_book {
public:
    // Throws when a name comes twice: a bug found at start.
    explicit prompt_book(std::span<prompt const* const> prompts);

    // The prompt as this realm and revision know it; nullptr when there is none.
    prompt const* find(call const& c, std::string_view name) const noexcept;
    listing const& list() const noexcept { return list_; }

private:
    std::vector<prompt const*> prompts_;
    listing list_{"prompts"};
};

}  // namespace tollgate::mcp
