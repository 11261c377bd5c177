#include "oauth/fetch/basic_credentials.hpp"

#include "base/crypto.hpp"
#include "http/message/form.hpp"

namespace tollgate::oauth {

std::string basic_credentials(std::string_view id, std::string_view secret) {
    return "Basic " + to_base64(http::percent_encode(id) + ':' + http::percent_encode(secret));
}

}  // namespace tollgate::oauth
