// What no client should send, at every endpoint that reads a form or a query.
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct form_endpoint {
    char const* path;
    char const* field;  // one that it reads
};

constexpr form_endpoint form_endpoints[] = {{"/token", "grant_type"},
                                            {"/introspect", "token"},
                                            {"/revoke", "token"},
                                            {"/device_authorization", "client_id"}};

answer post(authorization_bench& b, std::string const& path, std::string const& body,
            std::string const& type = "application/x-www-form-urlencoded") {
    fields headers;
    if (!type.empty()) headers.emplace_back("Content-Type", type);
    return b.web.send(http::verb::post, path, body, headers);
}

// Bodies that are no form, or one that cannot be meant.
std::vector<std::pair<std::string, std::string>> bad_forms(std::string const& field) {
    return {
        {"bad percent-encoding", field + "=%zz"},
        {"an escape that is cut off", field + "=a%4"},
        {"a percent sign alone", field + "=100%"},
        {"NUL", field + "=a%00b"},
        {"a raw NUL", field + "=a" + std::string(1, '\0')},
        {"CR LF", field + "=a%0D%0Ab"},
        {"a raw line break", field + "=a\nb"},
        {"a line break in a name", "a%0Ab=c&" + field + "=x"},
        {"bytes that are no UTF-8", field + "=%ff%fe"},
        {"an overlong sequence", field + "=%c0%af"},
        {"a surrogate", field + "=%ed%a0%80"},
        {"a parameter without a name", "=x&" + field + "=x"},
        {"a parameter twice", field + "=x&" + field + "=x"},
        {"client_id twice", field + "=x&client_id=a&client_id=b"},
        {"an unknown parameter twice", field + "=x&frob=1&frob=2"},
        {"an oversized parameter", field + '=' + std::string((64 << 10) + 1, 'x')},
        {"an oversized name", std::string((64 << 10) + 1, 'n') + "=x"},
    };
}

std::string too_many_parameters() {
    std::string all;
    for (int i = 0; i < 101; ++i)
        all += "p" + std::to_string(i) + "=1&";
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_input)

// RFC 6749 §3.2: parameters must not be included more than once
// RFC 6749 §5.2: invalid_request for a request that cannot be meant
// RFC 6749 Appendix B: application/x-www-form-urlencoded in UTF-8
// RFC 7009 §5: what protects the token endpoint protects revocation as well.
BOOST_AUTO_TEST_CASE(form_endpoints_refuse_what_cannot_be_meant) {
    authorization_bench b;
    for (auto const& endpoint : form_endpoints) {
        for (auto const& [what, body] : bad_forms(endpoint.field)) {
            auto const a = post(b, endpoint.path, body);
            BOOST_TEST(refusal(a) == "400 invalid_request", endpoint.path << ' ' << what);
            BOOST_TEST(text(a.json(), "error_description").size() > 10u);
        }
        BOOST_TEST(refusal(post(b, endpoint.path, too_many_parameters())) == "400 invalid_request");
    }
}

// RFC 6749 §3.2, §4.1.3; RFC 7662 §2.1; RFC 7009 §2.1: the body is a form
BOOST_AUTO_TEST_CASE(form_endpoints_read_forms_and_nothing_else) {
    authorization_bench b;
    for (auto const& endpoint : form_endpoints) {
        auto const form = std::string(endpoint.field) + "=x";
        auto const as_json = R"({")" + std::string(endpoint.field) + R"(":"x"})";
        std::pair<std::string, std::string> const wrong[] = {
            {as_json, "application/json"},
            {form, "text/plain"},
            {form, ""},
            {form, "multipart/form-data; boundary=x"},
            {form, "application/x-www-form"},
            {form, "nonsense"}};
        for (auto const& [body, type] : wrong) {
            auto const a = post(b, endpoint.path, body, type);
            BOOST_TEST(refusal(a) == "400 invalid_request", endpoint.path << ' ' << type);
            BOOST_TEST(text(a.json(), "error_description").find("x-www-form-urlencoded") !=
                       std::string::npos);
        }
        auto const charset =
            post(b, endpoint.path, form, "Application/X-WWW-Form-Urlencoded; charset=UTF-8");
        BOOST_TEST(text(charset.json(), "error") != "invalid_request", charset.body);
    }
}

// RFC 6749 §3.2: a parameter without a value is treated as if it were left out
BOOST_AUTO_TEST_CASE(form_endpoints_take_empty_values_for_left_out) {
    authorization_bench b;
    auto const id = b.public_client();
    BOOST_TEST(refusal(b.token({{"grant_type", ""}, {"client_id", id}})) == "400 invalid_request");
    BOOST_TEST(refusal(b.web.post_form("/revoke", {{"token", ""}, {"client_id", id}})) ==
               "400 invalid_request");
    BOOST_TEST(refusal(b.web.post_form("/introspect", {{"token", ""}},
                                       {{"Tollgate-Internal", secret_of_internal}})) ==
               "400 invalid_request");
}

// RFC 6749 §4.1.2.1: as long as nobody knows whose request it is, the person is told
BOOST_AUTO_TEST_CASE(authorize_shows_what_cannot_be_meant_and_redirects_nobody) {
    authorization_bench b;
    auto const id = b.public_client();
    auto const good = encode(b.authorize_request(id));
    for (auto const& [what, query] : bad_forms("client_id")) {
        for (bool const posted : {false, true}) {
            auto const target = "/authorize?" + good + '&' + query;
            auto const a = posted ? post(b, "/authorize", good + '&' + query) : b.web.get(target);
            BOOST_TEST(a.status == 400u, what);
            BOOST_TEST(!a.headers.has("Location"), what);
            BOOST_TEST(a.header("Content-Type") == "text/html; charset=utf-8", what);
            BOOST_TEST(a.body.find("invalid_request") != std::string::npos, what);
        }
    }
    auto const json_body = post(b, "/authorize", "{}", "application/json");
    BOOST_TEST(json_body.status == 400u);
}

// RFC 7591 §3.1: a JSON object sent as application/json
// RFC 7591 §3: the endpoint accepts POST with parameters in application/json.
BOOST_AUTO_TEST_CASE(registration_reads_json_objects_and_nothing_else) {
    authorization_bench b;
    auto const good = R"({"redirect_uris":[")" + callback + R"("]})";
    for (auto const* type : {"", "text/plain", "application/x-www-form-urlencoded", "text/json"})
        BOOST_TEST(refusal(post(b, "/register", good, type)) == "400 invalid_client_metadata",
                   type);
    std::string deep;
    for (int i = 0; i < 100; ++i)
        deep += R"({"a":)";
    for (std::string const& body :
         {std::string(), std::string("{"), std::string("[]"), std::string("null"), good + "x",
          std::string("{\"client_name\":\"\xff\"}"), deep,
          std::string("{\"client_name\":\"a") + '\0' + "\"}", std::string("\xef\xbb\xbf{}")})
        BOOST_TEST(refusal(post(b, "/register", body, "application/json")) ==
                       "400 invalid_client_metadata",
                   body);
    BOOST_TEST(post(b, "/register", good, "application/json; charset=utf-8").status == 201u);
}

// RFC 9110 §15.5.6: 405 with Allow, and a sentence that says which method
BOOST_AUTO_TEST_CASE(a_wrong_method_is_told_the_right_one) {
    struct row {
        char const* path;
        http::verb method;
        char const* allowed;
    };
    row const rows[] = {
        {"/token", http::verb::get, "POST"},
        {"/token", http::verb::put, "POST"},
        {"/register", http::verb::get, "POST"},
        {"/register", http::verb::delete_, "POST"},
        {"/revoke", http::verb::get, "POST"},
        {"/introspect", http::verb::get, "POST"},
        {"/introspect", http::verb::put, "POST"},
        {"/authorize", http::verb::put, "GET"},
        {"/authorize", http::verb::delete_, "POST"},
        {"/userinfo", http::verb::delete_, "GET"},
        {"/.well-known/oauth-authorization-server", http::verb::post, "GET"},
        {"/.well-known/openid-configuration", http::verb::put, "GET"},
        {"/.well-known/jwks.json", http::verb::post, "GET"},
        {"/oauth/token", http::verb::get, "POST"},
    };
    authorization_bench b;
    for (auto const& r : rows) {
        auto const a = b.web.send(r.method, r.path, "", {});
        BOOST_TEST(a.status == 405u, r.path);
        BOOST_TEST(a.header("Allow").find(r.allowed) != std::string_view::npos, r.path);
        BOOST_TEST(a.body.find(r.allowed) != std::string::npos, a.body);
    }
}

BOOST_AUTO_TEST_SUITE_END()
