// Whole answers: for who wants to know what another instance answers, and not to pass it on.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"
#include "http/relay/preamble.hpp"

namespace tollgate::http {

struct relay_question {
    std::string instance;
    std::string address;
    relay_preamble from;
    std::string request;  // as HTTP, with an empty body
};

// Its body, where it is a 200 with a Content-Length; nothing where it is none, or longer than 16
// MiB, or did not come within five seconds.
task<std::optional<std::string>> whole_answer(relay_question asked,
                                              boost::asio::any_io_executor executor);

}  // namespace tollgate::http
