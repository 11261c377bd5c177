// Mode "proxy": the configured secret, lent to the configured client.
#include "oauth/proxy/lending.hpp"
#include "base/crypto.hpp"

#include "oauth/proxy/proxy_bench.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(proxy_secret, proxy_bench)

// RFC 6749 §2.3.1: Basic with both halves form-encoded
BOOST_AUTO_TEST_CASE(is_added_for_the_configured_client_without_credentials) {
    token({{"grant_type", "authorization_code"}, {"client_id", "us"}, {"code", "c"}});
    BOOST_TEST(last().authorization == "Basic " + tollgate::to_base64("us:top%3Asecret"));
    BOOST_TEST(last().body == "grant_type=authorization_code&client_id=us&code=c");
    token({{"grant_type", "refresh_token"}, {"client_id", "us"}, {"refresh_token", "r"}});
    BOOST_TEST(last().authorization == "Basic " + tollgate::to_base64("us:top%3Asecret"));
    at().post_form("/revoke", {{"token", "t"}, {"client_id", "us"}});
    BOOST_TEST(last().authorization == "Basic " + tollgate::to_base64("us:top%3Asecret"));
}

// RFC 8414 §2: token_endpoint_auth_methods_supported
BOOST_AUTO_TEST_CASE(goes_into_the_body_where_the_provider_takes_it_only_there) {
    document["token_endpoint_auth_methods_supported"] = json::array{"none", "client_secret_post"};
    token({{"grant_type", "authorization_code"}, {"client_id", "us"}, {"code", "c"}});
    BOOST_TEST(last().authorization.empty());
    BOOST_TEST(last().body ==
               "grant_type=authorization_code&client_id=us&code=c&client_secret=top%3Asecret");
}

// RFC 6749 §2.3: no more than one way to authenticate in a request
BOOST_AUTO_TEST_CASE(is_not_added_to_credentials_of_the_client_s_own) {
    fields const login{{"grant_type", "authorization_code"}, {"client_id", "us"}, {"code", "c"}};
    auto const with = [&](std::string name, std::string value) {
        auto all = login;
        all.emplace_back(std::move(name), std::move(value));
        token(all);
        return last();
    };
    BOOST_TEST(with("client_secret", "mine").authorization.empty());
    BOOST_TEST(!has_part(last().body, "top"));
    // RFC 6749 §3.2: without a value it counts as omitted, and is not sent on beside our secret.
    BOOST_TEST(!with("client_secret", "").authorization.empty());
    BOOST_TEST(!has_part(last().body, "client_secret"));
    BOOST_TEST(with("client_assertion", "a.b.c").authorization.empty());
    token(login, {{"Authorization", "Basic Yzpz"}});
    BOOST_TEST(last().authorization == "Basic Yzpz");
}

BOOST_AUTO_TEST_CASE(is_not_added_for_anybody_else) {
    token({{"grant_type", "authorization_code"}, {"client_id", "others"}, {"code", "c"}});
    BOOST_TEST(last().authorization.empty());
    token({{"grant_type", "authorization_code"}, {"code", "c"}});
    BOOST_TEST(last().authorization.empty());
    token({{"grant_type", "authorization_code"}, {"client_id", "us"}, {"client_id", "others"}});
    BOOST_TEST(last().authorization.empty());
    at().post_json("/token", R"({"grant_type":"authorization_code","client_id":"us"})");
    BOOST_TEST(last().authorization.empty());
}

// RFC 6749 §3.2: parameters are in the body, each once; a provider that reads others, or the query
// first, would see another grant than we do
BOOST_AUTO_TEST_CASE(is_not_lent_where_the_provider_may_read_something_else) {
    fields const good{{"grant_type", "refresh_token"}, {"client_id", "us"}, {"refresh_token", "r"}};
    at().post_form("/token?grant_type=client_credentials", good);
    BOOST_TEST(last().target == "/t?grant_type=client_credentials");
    BOOST_TEST(last().authorization.empty());
    for (auto const* name : {"grant.type", "grant_type[]", "Grant_Type", "refresh_token"}) {
        auto all = good;
        all.emplace_back(name, "client_credentials");
        token(all);
        BOOST_TEST(last().authorization.empty(), name);
    }
    auto several = good;
    several.emplace_back("resource", "https://a.example");
    several.emplace_back("resource", "https://b.example");
    token(several);
    BOOST_TEST(!last().authorization.empty());  // RFC 8707 §2: may be there more than once
}

BOOST_AUTO_TEST_CASE(is_not_told_by_a_provider_that_repeats_it) {
    auto const ours = "Basic " + tollgate::to_base64("us:top%3Asecret");
    answers(401, "application/json",
            R"({"error":"invalid_client","error_description":")" + ours +
                R"( is not top:secret, top%3asecret"})");
    says.headers.add("WWW-Authenticate", "Basic realm=\"" + ours + '"');
    auto const a =
        token({{"grant_type", "refresh_token"}, {"client_id", "us"}, {"refresh_token", "r"}});
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(sentence_of(a) == "Basic *** is not ***, ***");
    BOOST_TEST(a.header("WWW-Authenticate") == "Basic realm=\"Basic ***\"");
    // What we did not add is the client's own affair.
    answers(400, "application/json", R"({"error":"invalid_grant","error_description":"mine"})");
    BOOST_TEST(sentence_of(token({{"client_secret", "mine"}, {"client_id", "us"}})) == "mine");
}

// RFC 6749 §4.4: with the secret anybody would be the client
// RFC 7662 §2.1: and anybody could try tokens
BOOST_AUTO_TEST_CASE(is_not_lent_to_those_who_hold_nothing) {
    for (auto const* grant :
         {"client_credentials", "password", "urn:ietf:params:oauth:grant-type:token-exchange",
          "urn:ietf:params:oauth:grant-type:jwt-bearer", ""}) {
        token({{"grant_type", grant}, {"client_id", "us"}});
        BOOST_TEST(last().authorization.empty(), grant);
        BOOST_TEST(!has_part(last().body, "top"), grant);
    }
    // RFC 6749 §3.2: what has no value is not there.
    for (fields const& empty :
         {fields{{"grant_type", "authorization_code"}, {"client_id", "us"}, {"code", ""}},
          fields{{"grant_type", "authorization_code"}, {"client_id", "us"}, {"refresh_token", "r"}},
          fields{{"grant_type", "refresh_token"}, {"client_id", "us"}, {"code", "c"}}}) {
        token(empty);
        BOOST_TEST(last().authorization.empty());
    }
    at().post_form("/revoke", {{"token", ""}, {"client_id", "us"}});
    BOOST_TEST(last().authorization.empty());
    at().post_form("/introspect", {{"token", "t"}, {"client_id", "us"}});
    BOOST_TEST(last().authorization.empty());
    at().post_form("/userinfo", {{"token", "t"}, {"client_id", "us"}});
    BOOST_TEST(last().authorization.empty());
}

// RFC 9110 §8.3, §8.4, RFC 6749 appendix B: one reading of the body and no other
BOOST_AUTO_TEST_CASE(is_lent_to_a_form_in_utf_8_and_to_nothing_that_may_be_another) {
    std::string const body = "grant_type=refresh_token&client_id=us&refresh_token=r";
    auto const form = std::string("application/x-www-form-urlencoded");
    auto const lent = [&](std::string const& what, fields const& headers) {
        at().send(http::verb::post, "/token", what, headers);
        return !last().authorization.empty();
    };
    auto const typed = [&](std::string const& type) { return fields{{"Content-Type", type}}; };
    for (auto const* good : {"", ";charset=utf-8", "; Charset=\"UTF-8\""})
        BOOST_TEST(lent(body, typed(form + good)), good);
    for (auto const* bad : {"; charset=utf-16", "; charset=ibm037", "; charset", ";", "; x=utf-8",
                            "; charset=utf-8; x=y"})
        BOOST_TEST(!lent(body, typed(form + bad)), bad);
    BOOST_TEST(!lent(body, {{"Content-Type", form}, {"Content-Type", "application/json"}}));
    BOOST_TEST(!lent(body, {{"Content-Type", form}, {"Content-Type", form}}));
    for (auto const* coding : {"gzip", "identity", ""})
        BOOST_TEST(!lent(body, {{"Content-Type", form}, {"Content-Encoding", coding}}), coding);
    for (auto const* more : {";grant_type=client_credentials", "&scope=a;b", "&scope=a b",
                             "&scope=\xc3\xa9", "&scope=\"", "&scope=#", "&scope=\t"})
        BOOST_TEST(!lent(body + more, typed(form)), more);
    // As curl and encodeURIComponent leave them.
    for (auto const* more : {"&redirect_uri=http://localhost:1/cb?x", "&scope=a+b%20c'(~)*!"})
        BOOST_TEST(lent(body + more, typed(form)), more);
}

// The provider reads what we read, whatever else came with it.
BOOST_AUTO_TEST_CASE(goes_with_a_request_that_was_written_anew) {
    fields const sent{{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"},
                      {"Connection", "Content-Type"},
                      {"Accept", "application/json"},
                      {"Accept-Language", "de"},
                      {"User-Agent", "app/1"},
                      {"DPoP", "proof"},
                      {"X-HTTP-Method-Override", "DELETE"},
                      {"X-Original-URL", "/admin"},
                      {"X-Rewrite-URL", "/admin"},
                      {"X-Own", "1"},
                      {"Content-Language", "de"}};
    at().send(http::verb::post, "/token",
              "&grant%5ftype=refresh_token&&client_id=us&refresh_token=a'b+c%2a&scope=&x-y=1",
              sent);
    auto const asked = last();
    BOOST_TEST(!asked.authorization.empty());
    BOOST_TEST(asked.body ==
               "grant_type=refresh_token&client_id=us&refresh_token=a%27b%20c%2A&x-y=1");
    BOOST_TEST(asked.content_type == "application/x-www-form-urlencoded");
    BOOST_TEST(asked.headers.get("Content-Length") == std::to_string(asked.body.size()));
    for (auto const& [name, value] : fields{{"Accept", "application/json"},
                                            {"Accept-Language", "de"},
                                            {"User-Agent", "app/1"},
                                            {"DPoP", "proof"},
                                            {"Accept-Encoding", "identity"}})
        BOOST_TEST(asked.headers.get(name) == value, name);
    for (auto const* name :
         {"X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Own", "Content-Language"})
        BOOST_TEST(!asked.headers.has(name), name);
}

BOOST_AUTO_TEST_CASE(is_nothing_where_none_is_configured) {
    configured.client_secret.clear();
    token({{"grant_type", "authorization_code"}, {"client_id", "us"}, {"code", "c"}});
    BOOST_TEST(last().authorization.empty());
}

BOOST_AUTO_TEST_SUITE_END()
