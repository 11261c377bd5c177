// The callback of the test page: whose answer is taken, what is shown, who is blamed.
#include <boost/test/unit_test.hpp>

#include "oauth/test_page/test_page_bench.hpp"
#include "oauth/test_page/view.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view nasty = "</pre></script><script>alert(1)</script>\"'&";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(test_page_callback, test_page_bench)

// RFC 6749 §4.1.3: code and redirect_uri go to the token endpoint, with the client's credentials
// RFC 7636 §4.5: with the verifier of the challenge
// RFC 8707 §2.2: and the resource
BOOST_AUTO_TEST_CASE(redeems_the_code_and_shows_both_answers) {
    auto const sent = login("?resource=http%3A%2F%2Flocalhost%3A9101%2Fmcp");
    auto const a = come_back(sent);
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(title(a) == "Logged in");
    BOOST_TEST(says(a, "<h2>Token Response</h2>"));
    BOOST_TEST(says(a, "  &quot;access_token&quot;: &quot;tok-1&quot;,\n"));
    BOOST_TEST(says(a, "<h2>Userinfo</h2>"));
    BOOST_TEST(says(a, "  &quot;sub&quot;: &quot;alice&quot;\n"));
    auto const form = sent_to("/token");
    BOOST_TEST((form.one("grant_type") == "authorization_code"));
    BOOST_TEST((form.one("code") == "the-code"));
    BOOST_TEST((form.one("redirect_uri") == "http://localhost:9101/oauth/callback"));
    BOOST_TEST((form.one("resource") == mcp_url));
    BOOST_TEST(tollgate::digest_of(*form.one("code_verifier")) ==
               parameter(sent, "code_challenge"));
    BOOST_TEST(asked("/token")->authorization == "Basic " + tollgate::to_base64("us:hush-hush"));
    BOOST_TEST(asked("/userinfo")->authorization == "Bearer tok-1");
}

BOOST_AUTO_TEST_CASE(gives_commands_that_can_be_pasted) {
    std::string const inspector =
        "npx -y -p node@24 -p @modelcontextprotocol/inspector@2.12.0 mcp-inspector";
    auto const a = whole_login();
    BOOST_TEST(copied(a, "access-token") == "tok-1");
    BOOST_TEST(copied(a, "header") == "Authorization: Bearer tok-1");
    BOOST_TEST(copied(a, "sse-url") == "http://localhost:9101/sse");
    BOOST_TEST(copied(a, "mcp-url") == mcp_url);
    BOOST_TEST(copied(a, "curl") ==
               "curl -N -H 'Authorization: Bearer tok-1' 'http://localhost:9101/sse'");
    BOOST_TEST(copied(a, "inspector-sse") ==
               inspector +
                   " --cli 'http://localhost:9101/sse' --transport "
                   "sse --header 'Authorization: Bearer tok-1' --method tools/call --tool-name "
                   "echo_tool --tool-arg 'message=Hello from Inspector!'");
    BOOST_TEST(copied(a, "inspector-http")
                   .starts_with(inspector + " --cli '" + mcp_url + "' --transport http "));
}

BOOST_AUTO_TEST_CASE(speaks_of_no_transport_that_is_switched_off) {
    transports.sse = false;
    auto const a = whole_login();
    BOOST_TEST(copied(a, "curl") == "(none)");
    BOOST_TEST(copied(a, "inspector-sse") == "(none)");
    BOOST_TEST(copied(a, "inspector-http") != "(none)");
}

BOOST_AUTO_TEST_CASE(shows_no_state_a_page_that_says_so) {
    login();
    auto const a = get("/oauth/callback?code=x&error=access_denied");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(title(a) == "The answer has no state");
    BOOST_TEST(says(a, "access_denied"));
    BOOST_TEST(!asked("/token").has_value());
}

// RFC 6749 §10.12: an answer whose state is not that of this browser is not used
BOOST_AUTO_TEST_CASE(refuses_an_unknown_state_an_old_one_and_a_repetition) {
    BOOST_TEST(title(get("/oauth/callback?code=x&state=made-up")) ==
               "This login is not known here");
    auto const late = login();
    as.later(10min);
    BOOST_TEST(title(come_back(late)) == "This login is not known here");
    auto const sent = login();
    BOOST_TEST(come_back(sent).status == 200u);
    auto const again = come_back(sent);
    BOOST_TEST(again.status == 400u);
    BOOST_TEST(title(again) == "This answer was used before");
}

// RFC 9110 §9.2.1: HEAD is safe
BOOST_AUTO_TEST_CASE(a_head_request_uses_no_answer_up) {
    auto const sent = login();
    auto const target =
        "/oauth/callback?" + encode({{"code", "x"}, {"state", parameter(sent, "state")}});
    auto const a = as.web.send(http::verb::head, target, "", {{"Cookie", cookie}});
    BOOST_TEST(a.status == 405u);
    BOOST_TEST(as.web.send(http::verb::head, "/oauth/login", "", {}).status == 405u);
    BOOST_TEST(come_back(sent).status == 200u);
}

BOOST_AUTO_TEST_CASE(refuses_the_login_of_another_browser_without_using_it_up) {
    auto const sent = login();
    auto const mine = cookie;
    cookie.clear();
    auto const without = come_back(sent);
    BOOST_TEST(without.status == 400u);
    BOOST_TEST(title(without) == "This login began in another browser");
    login();  // a browser with a login of its own
    BOOST_TEST(title(come_back(sent)) == "This login began in another browser");
    BOOST_TEST(!asked("/token").has_value());
    cookie = mine;
    BOOST_TEST(come_back(sent).status == 200u);
}

BOOST_AUTO_TEST_CASE(takes_no_cookie_that_it_did_not_give_and_two_logins_at_once) {
    auto const first = login();
    auto const own = cookie;
    auto const second = login();
    BOOST_TEST(cookie == own);
    BOOST_TEST(come_back(second).status == 200u);
    BOOST_TEST(come_back(first).status == 200u);
    cookie = own.substr(0, own.find('=')) + "=planted";
    login();
    BOOST_TEST(cookie.find("planted") == std::string::npos);
}

// RFC 6749 §3.1: parameters must not be included more than once
BOOST_AUTO_TEST_CASE(refuses_a_parameter_that_is_there_twice) {
    auto const sent = login();
    auto const a = come_back(sent, {{"code", "a"}, {"code", "b"}});
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(says(a, "The parameter code is there more than once."));
    BOOST_TEST(come_back(sent).status == 200u);
}

// RFC 9207 §2.4: an iss that is not the issuer's must not be used, on errors neither
BOOST_AUTO_TEST_CASE(refuses_the_answer_of_another_issuer) {
    for (fields more : {fields{{"code", "c"}}, fields{{"error", "access_denied"}}}) {
        more.emplace_back("iss", "http://evil.example");
        auto const a = come_back(login(), more);
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(title(a) == "Another issuer answered");
        BOOST_TEST(says(a, "http://evil.example"));
    }
    BOOST_TEST(!asked("/token").has_value());
    BOOST_TEST(come_back(login(), {{"code", "c"}, {"iss", peer.url()}}).status == 200u);
}

// RFC 9207 §2.4: who says that iss always comes must send it
BOOST_AUTO_TEST_CASE(demands_the_issuer_of_a_provider_that_promises_it) {
    document["authorization_response_iss_parameter_supported"] = true;
    auto const a = whole_login();
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(title(a) == "The answer does not name its issuer");
}

BOOST_AUTO_TEST_CASE(cannot_compare_the_issuer_of_a_provider_without_a_name) {
    configured.issuer.clear();
    configured.authorization_endpoint = peer.url() + "/authorize";
    configured.token_endpoint = peer.url() + "/token";
    auto const a = come_back(login(), {{"code", "c"}, {"iss", "http://any.example"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(says(a, "The provider has no userinfo endpoint that is known here."));
}

// RFC 6749 §4.1.2.1: error, error_description and error_uri
BOOST_AUTO_TEST_CASE(shows_the_error_of_the_provider_in_full_and_as_text) {
    auto const a = come_back(login(), {{"error", "access_denied"},
                                       {"error_description", std::string(nasty)},
                                       {"error_uri", "javascript:alert(1)"}});
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(title(a) == "The provider said no");
    BOOST_TEST(says(a, "<bdi>access_denied</bdi>"));
    BOOST_TEST(says(a, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    BOOST_TEST(!says(a, "<script>alert"));
    BOOST_TEST(!says(a, "href=\"javascript:"));
    BOOST_TEST(come_back(login(), {{"error", "server_error"}}).status == 502u);
    auto const silent = come_back(login(), {});
    BOOST_TEST(silent.status == 502u);
    BOOST_TEST(title(silent) == "The answer has no code");
}

BOOST_AUTO_TEST_CASE(shows_what_the_token_endpoint_answered) {
    token_status = 400;
    token_body = R"({"error":"invalid_grant","error_description":"too late","x":"</pre><b>"})";
    auto const refused = whole_login();
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(title(refused) == "The token request failed");
    BOOST_TEST(says(refused, "invalid_grant: too late"));
    BOOST_TEST(fact(refused, "Status") == "400");
    BOOST_TEST(says(refused, "&quot;x&quot;:&quot;&lt;/pre&gt;&lt;b&gt;&quot;"));
    BOOST_TEST(says(refused, "http://localhost:9101/oauth/callback"));
    BOOST_TEST(!says(refused, "hush-hush"));

    token_status = 500;
    token_type = "text/html";
    token_body = "<h1>down</h1>" + std::string(10'000, 'x');
    auto const down = whole_login();
    BOOST_TEST(down.status == 502u);
    BOOST_TEST(says(down, "&lt;h1&gt;down&lt;/h1&gt;"));
    BOOST_TEST(down.body.size() < 14'000u);

    token_status = 200;
    token_type = "application/json";
    token_body = "{}";
    BOOST_TEST(says(whole_login(), "has no access_token"));
    token_body = "[";
    BOOST_TEST(says(whole_login(), "no JSON object"));
    token_status = 302;
    BOOST_TEST(says(whole_login(), "redirect"));
}

BOOST_AUTO_TEST_CASE(shows_no_secret_that_the_provider_repeats) {
    token_status = 401;
    token_body = R"({"error":"invalid_client","error_description":"hush-hush, )" +
                 tollgate::to_base64("us:hush-hush") + R"(, the-code"})";
    auto const a = whole_login();
    BOOST_TEST(title(a) == "The token request failed");
    BOOST_TEST(says(a, "invalid_client: ***, ***, ***"));
    BOOST_TEST(says(a, "&quot;***, ***, ***&quot;"));
    BOOST_TEST(!says(a, "hush-hush"));
}

// RFC 6749 §7.1: an access token of a type that is not understood is not used
BOOST_AUTO_TEST_CASE(makes_no_command_of_a_token_of_another_type) {
    token_body = R"({"access_token":"tok-1","token_type":"mac"})";
    auto const a = whole_login();
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(title(a) == "The access token is of another type");
    BOOST_TEST(says(a, "&quot;token_type&quot;:&quot;mac&quot;"));
    BOOST_TEST(copied(a, "curl") == "(none)");
    BOOST_TEST(!asked("/userinfo").has_value());
}

BOOST_AUTO_TEST_CASE(answers_504_where_the_token_endpoint_takes_too_long) {
    configured.timeout = 200ms;
    auto const sent = login();
    peer.delay = 1s;
    auto const a = come_back(sent);
    BOOST_TEST(a.status == 504u);
    BOOST_TEST(says(a, "did not answer in time (token request"));
}

BOOST_AUTO_TEST_CASE(shows_the_token_although_userinfo_failed) {
    userinfo_status = 503;
    userinfo_body = "<b>closed</b>";
    auto const a = whole_login();
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(title(a) == "Logged in, but");
    BOOST_TEST(says(a, "The userinfo request failed"));
    BOOST_TEST(says(a, "&lt;b&gt;closed&lt;/b&gt;"));
    BOOST_TEST(copied(a, "access-token") == "tok-1");
    BOOST_TEST(says(a, "<h2>Token Response</h2>"));
    BOOST_TEST(!says(a, "<h2>Userinfo</h2>"));
}

// OpenID Connect Core §5.3.2: userinfo of another sub than the id_token's must not be used
BOOST_AUTO_TEST_CASE(refuses_userinfo_of_somebody_else) {
    auto const sent = login();
    gives(id_token(sent));
    userinfo_body = R"({"sub":"mallory"})";
    auto const a = come_back(sent);
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(says(a, "another sub than the id_token"));
}

// OpenID Connect Core §3.1.3.7: iss, aud, exp and nonce of the id_token
BOOST_AUTO_TEST_CASE(refuses_an_id_token_that_is_not_of_this_login) {
    auto const good = login();
    gives(id_token(good));
    BOOST_TEST(come_back(good).status == 200u);
    json::object const flaws{
        {"iss", "http://evil.example"}, {"aud", "others"}, {"exp", 1}, {"nonce", "another"}};
    for (auto const& [name, value] : flaws) {
        auto const sent = login();
        gives(id_token(sent, json::object{{name, value}}));
        auto const a = come_back(sent);
        BOOST_TEST(a.status == 502u);
        BOOST_TEST(title(a) == "The id_token is wrong");
        BOOST_TEST(says(a, "Its " + std::string(name)) == (name != "exp"));
        BOOST_TEST(!says(a, "Token Response"));
    }
    gives("not.a-jwt");
    BOOST_TEST(says(whole_login(), "It is no JWT that can be read."));
}

BOOST_AUTO_TEST_CASE(shows_a_nasty_answer_as_text_and_makes_no_command_of_a_nasty_token) {
    json::object o;
    o["access_token"] = "x' ; rm -rf ~ #\n";
    o["token_type"] = "Bearer";
    o["scope"] = nasty;
    token_body = json::serialize(o);
    userinfo_body = json::serialize(json::object{{"sub", nasty}});
    auto const a = whole_login();
    BOOST_TEST(!says(a, "<script>alert"));
    BOOST_TEST(says(a, "&lt;script&gt;alert(1)"));
    BOOST_TEST(copied(a, "curl") == "(none)");
    BOOST_TEST(says(a, "This access token cannot be used."));
    o["token_type"] = nasty;
    token_body = json::serialize(o);
    auto const other = whole_login();
    BOOST_TEST(!says(other, "<script>alert"));
    BOOST_TEST(says(other, "&lt;script&gt;alert(1)"));
}

BOOST_AUTO_TEST_CASE(quotes_for_a_shell) {
    BOOST_TEST(oauth::shell_word("it's $HOME `x`") == R"('it'\''s $HOME `x`')");
    BOOST_TEST(oauth::is_usable_token("a'b"));
    BOOST_TEST(!oauth::is_usable_token(""));
    BOOST_TEST(!oauth::is_usable_token("a b"));
    BOOST_TEST(!oauth::is_usable_token(std::string(8193, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
