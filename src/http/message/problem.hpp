// Problem: what went wrong, as a value. The only way a handler reports failure.
#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "http/message/headers.hpp"

namespace tollgate::http {

// An immutable prototype (`oauth::errors::invalid_grant`) is refined by copies:
//     co_return errors::invalid_grant.because("the code was used before").log("family 7f revoked");
// `description` goes on the wire, `log_text` never does. One place (the error boundary)
// turns a problem into bytes.
class problem {
public:
    enum class shown_as {
        oauth_json,  // {"error", "error_description"}, no-store (RFC 6749 §5.2)
        page,        // an HTML page for a person: nothing may be redirected
        text,        // one line of text/plain
        empty,       // status and headers alone
    };

    // boost::system::result wants a default value to answer error() of a success with.
    problem() : problem(500, "server_error", {}) {}
    problem(unsigned status, std::string error, std::string description);

    problem because(std::string description) const;
    problem log(std::string private_text) const;
    problem with(std::string name, std::string value) const;
    problem as(shown_as how) const;
    problem at(unsigned status) const;

    unsigned status() const noexcept { return status_; }
    std::string const& error() const noexcept { return error_; }
    std::string const& description() const noexcept { return description_; }
    std::string const& log_text() const noexcept { return log_text_; }
    header_list const& headers() const noexcept { return headers_; }
    shown_as how() const noexcept { return how_; }

private:
    unsigned status_;
    std::string error_;
    std::string description_;
    std::string log_text_;
    header_list headers_;
    shown_as how_ = shown_as::oauth_json;
};

// A bug if it is ever reached: somebody took the value of a failed outcome.
[[noreturn]] void throw_exception_from_error(problem const& p, boost::source_location const& where);

template <class T = void>
using outcome = boost::system::result<T, problem>;

}  // namespace tollgate::http

namespace tollgate {
using http::outcome;
using http::problem;
}  // namespace tollgate
