// Exam: the tools and the prompt by which an assistant takes its own client through it. What they
// say and do is the examiner's (mcp/examiner.hpp).
#pragma once

#include <span>

#include "mcp/offerings/availability.hpp"
#include "mcp/offerings/prompts/prompt.hpp"
#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

// Where a realm is in the exam.
inline constexpr availability in_exam{.where = [](policy const& p) { return p.exam != nullptr; }};

std::span<tool const* const> exam_tools() noexcept;
extern prompt const exam_prompt;

}  // namespace tollgate::mcp
