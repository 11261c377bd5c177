#include "oauth/fetch/json_answer.hpp"

#include <utility>

#include <boost/json/parse.hpp>

#include "http/message/request.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

bool says_json(std::string_view content_type) {
    auto const type = http::media_type(content_type);
    return type == "application/json" ||
           (type.starts_with("application/") && type.ends_with("+json"));
}

problem cannot_tell(std::string why) {
    return problem(503, "temporarily_unavailable", "Nobody could tell whether the token is valid.")
        .log(std::move(why));
}

problem not_valid(std::string why) {
    return problem(401, "invalid_token", "The access token is not valid.").log(std::move(why));
}

// Whatever is wrong with the answer, it says nothing against the token: never 401.
outcome<json::object> object_of(http_result const& got, std::string_view who) {
    std::string const name(who);
    if (!got) return cannot_tell(name + ": " + got.error().message());
    if (got->status != 200)
        return cannot_tell(name + " answered with status " + std::to_string(got->status));
    if (!says_json(got->headers.get("Content-Type")))
        return cannot_tell(name + " answered with something that is not JSON");
    boost::system::error_code ec;
    auto value = json::parse(got->body, ec);
    if (ec || !value.is_object())
        return cannot_tell(name + " answered with a body that is no JSON object");
    return std::move(value.get_object());
}

}  // namespace tollgate::oauth
