// Clients that name themselves by a URL which nobody can fetch here.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;

std::string const url = "https://client.invalid/oauth/client.json";
std::string const document =
    R"({"client_id":"https://client.invalid/oauth/client.json","client_name":"An editor",)"
    R"("redirect_uris":["http://127.0.0.1/callback"],"token_endpoint_auth_method":"none"})";

std::string authorize(std::string const& issuer) {
    return issuer +
           "/authorize?response_type=code&state=s&client_id=https%3A%2F%2Fclient.invalid%2Foauth%"
           "2Fclient.json&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback&"
           "code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
}

bool logs_in(std::string const& issuer) {
    auto const answer = get(authorize(issuer));
    return answer.status == 302u &&
           answer.header("Location").find("code=") != std::string_view::npos;
}

// A configuration whose folder holds the document.
struct folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("tollgate-documents-" + std::to_string(getpid()));

    folder() { std::filesystem::create_directories(path); }
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string write(std::string const& name, std::string const& text) const {
        std::ofstream(path / name) << text;
        return (path / name).string();
    }
};

BOOST_AUTO_TEST_SUITE(client_documents)

BOOST_AUTO_TEST_CASE(a_file_stands_in_for_the_url_in_every_realm) {
    folder const here;
    here.write("client.json", document);
    program p({}, here.write("config.toml", "[[client_documents]]\nurl = \"" + url +
                                                "\"\nfile = \"client.json\"\n"));
    BOOST_TEST(logs_in(p.issuer()));
    BOOST_TEST(get(p.issuer() +
                   "/.well-known/oauth-authorization-server/s/plain/a-run-that-nobody-guesses")
                   .status == 200u);
    BOOST_TEST(logs_in(p.issuer() + "/s/plain/a-run-that-nobody-guesses"));
}

BOOST_AUTO_TEST_CASE(the_control_plane_gives_one_realm_a_document_and_takes_it_back) {
    program p;
    auto const control = p.issuer() + "/control/client-documents";
    BOOST_TEST(!logs_in(p.issuer()));
    BOOST_TEST(
        post_json(control, R"({"url":")" + url + R"(","document":)" + document + "}").status ==
        201u);
    BOOST_TEST(logs_in(p.issuer()));
    BOOST_TEST(get(p.issuer() +
                   "/.well-known/oauth-authorization-server/s/plain/a-run-that-nobody-guesses")
                   .status == 200u);
    BOOST_TEST(!logs_in(p.issuer() + "/s/plain/a-run-that-nobody-guesses"));
    BOOST_TEST(call("DELETE", control).status == 200u);
    BOOST_TEST(!logs_in(p.issuer()));
}

BOOST_AUTO_TEST_CASE(a_url_that_no_client_can_have_is_refused_with_its_pointer) {
    program p;
    auto const answer = post_json(p.issuer() + "/control/client-documents",
                                  R"({"url":"https://a.example/#x","document":{}})");
    BOOST_TEST(answer.status == 400u);
    BOOST_TEST(answer.body.find("/url: ") != std::string::npos, answer.body);
}

// Whoever runs a client that waits for a login needs to read what to do.
BOOST_AUTO_TEST_CASE(the_page_names_the_url_and_both_keys_that_help) {
    program p;
    auto const page = get(authorize(p.issuer()));
    BOOST_TEST((page.status == 400u || page.status == 503u), page.status);
    BOOST_TEST(page.header("Content-Type").starts_with("text/html"));
    BOOST_TEST(page.header("WWW-Authenticate") == "");
    for (auto const* part : {"https://client.invalid/oauth/client.json", "as seen from this server",
                             "[[client_documents]]", "registration.client_id_metadata_documents"})
        BOOST_TEST(page.body.find(part) != std::string::npos, part);
}

// draft-ietf-oauth-client-id-metadata-document §4.1: client_id is the URL
BOOST_AUTO_TEST_CASE(a_document_about_another_url_is_refused_with_its_pointer) {
    program p;
    auto const answer =
        post_json(p.issuer() + "/control/client-documents",
                  R"({"url":"https://other.invalid/c.json","document":)" + document + "}");
    BOOST_TEST(answer.status == 400u);
    BOOST_TEST(answer.body.find("/document: the client metadata document: its client_id is not "
                                "exactly the URL") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
