// Page errors: failures that a person sees on a page instead of a client.
#pragma once

#include <string_view>

#include "http/message/problem.hpp"

namespace tollgate::oauth {

// For the person in front of the browser, who is sent nowhere; `check` goes to the log.
problem shown(problem const& why, std::string_view check);

// Why there is no such client, for a person: 400 when it is unknown or its document is not as it
// must be, without a challenge, because nobody authenticates on a page; else as it is (503 when
// nobody could tell).
problem not_a_client(problem const& why);

}  // namespace tollgate::oauth
