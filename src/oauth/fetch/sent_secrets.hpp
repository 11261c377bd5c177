// Secrets that a provider was sent and nobody else may see. They may come back in its answer: some
// repeat what they do not understand. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "http/client/client.hpp"

namespace tollgate::oauth {

class sent_secrets {
public:
    sent_secrets() = default;
    sent_secrets(std::initializer_list<std::string_view> all);

    // One of fewer than four bytes is none: it would be found in every other word.
    void add(std::string_view secret);
    // A client secret: also as it looks in an Authorization field (basic_credentials).
    void add_client(std::string_view id, std::string_view secret);

    // `text` with "***" for each, as it was sent and as JSON, HTML or a form would write it.
    std::string taken_out(std::string text) const;
    // Likewise of a whole answer: its body and its header fields.
    void take_out(http::client_response& from) const;

private:
    std::vector<std::string> spellings_;  // the longest first
};

}  // namespace tollgate::oauth
