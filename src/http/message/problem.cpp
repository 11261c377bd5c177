#include "http/message/problem.hpp"

#include <stdexcept>
#include <utility>

#include <boost/throw_exception.hpp>

namespace tollgate::http {

problem::problem(unsigned status, std::string error, std::string description)
    : status_(status), error_(std::move(error)), description_(std::move(description)) {}

problem problem::because(std::string description) const {
    auto copy = *this;
    copy.description_ = std::move(description);
    return copy;
}

problem problem::log(std::string private_text) const {
    auto copy = *this;
    copy.log_text_ = std::move(private_text);
    return copy;
}

problem problem::with(std::string name, std::string value) const {
    auto copy = *this;
    copy.headers_.add(std::move(name), std::move(value));
    return copy;
}

problem problem::as(shown_as how) const {
    auto copy = *this;
    copy.how_ = how;
    return copy;
}

problem problem::at(unsigned status) const {
    auto copy = *this;
    copy.status_ = status;
    return copy;
}

void throw_exception_from_error(problem const& p, boost::source_location const& where) {
    boost::throw_exception(
        std::logic_error("the value of a failed outcome was taken: " + p.error()), where);
}

}  // namespace tollgate::http
