// View of the test page, what a person sees of it: pages as values. Everything that a provider or a
// visitor chose is escaped and bounded.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "http/message/form.hpp"
#include "http/message/reply.hpp"
#include "http/page/html.hpp"
#include "oauth/test_page/setup.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

// A login that did not come to its end.
struct test_page_failure {
    unsigned status = 400;
    std::string title;  // which leg: "The token request failed"
    std::string says;
    std::vector<std::pair<std::string, std::string>> facts{};  // as they were sent
    provider_response response{};                              // what the provider answered
    std::vector<std::string> check{};                          // what to look at
};

struct test_page_result {
    boost::json::object token_response;
    std::string access_token;
    std::optional<boost::json::object> userinfo{};
    std::string no_userinfo{};                 // why there is none and nothing is wrong
    std::optional<test_page_failure> wrong{};  // with userinfo; the token is good all the same
};

// GET /oauth; `status` 0: what fits the setup.
http::reply start_view(test_page_setup const& s, unsigned status = 0);
http::reply failure_view(test_page_setup const& s, test_page_failure const& f);
http::reply result_view(test_page_setup const& s, test_page_result const& r);

// <dt> and <dd>; an empty value is left out.
void add_fact(http::html& body, http::markup name, std::string_view value);
// Which leg failed and how, without the frame of a page.
void add_failure(http::html& body, test_page_failure const& f);

// A token that can stand in a header, and so in a command line (RFC 6749 Appendix A.12).
bool is_usable_token(std::string_view token) noexcept;
// One word of a POSIX shell, whatever is in it.
std::string shell_word(std::string_view text);

// Where the test page stands, as a path.
std::string start_path(test_page_setup const& s);

}  // namespace tollgate::oauth
