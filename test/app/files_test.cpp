// The files that a configuration names, opened as `serve` and `check` do.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"
#include "http/net/certs.hpp"

using namespace tollgate;
using test::config_folder;

namespace {

// RFC 8410 §10.3.
constexpr auto ed25519_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";

config load(config_folder const& folder, std::string const& toml) {
    return load_config({folder.write("config.toml", toml), {}, {}});
}

// What is wrong with the files, without the name of the folder; "" when nothing is.
std::string flaw(config_folder const& folder, std::string const& toml) {
    auto const c = load(folder, toml);
    try {
        check_files(c);
    } catch (config_error const& e) {
        return folder.without_folder(e.what());
    }
    return "";
}

std::string key_flaw(std::string const& pem, std::string const& alg) {
    config_folder const folder;
    folder.write("key.pem", pem);
    return flaw(folder, "[tokens]\nsigning_key = \"key.pem\"\nsigning_alg = \"" + alg + "\"\n");
}

std::string document_flaw(std::string const& json, std::string const& url) {
    config_folder const folder;
    folder.write("doc.json", json);
    return flaw(folder, "[[client_documents]]\nurl = \"" + url + "\"\nfile = \"doc.json\"\n");
}

bool starts_with(std::string const& text, std::string_view begin) {
    BOOST_TEST_MESSAGE(text);
    return text.starts_with(begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app_files)

BOOST_AUTO_TEST_CASE(a_key_is_taken_by_the_algorithm_that_signs_with_it) {
    BOOST_TEST(key_flaw(ed25519_key, "EdDSA") == "");
    for (auto const* alg : {"RS256", "PS256", "ES256"})
        BOOST_TEST(starts_with(key_flaw(ed25519_key, alg),
                               "config.toml:2:15: tokens.signing_key: key.pem: "),
                   alg);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_key_is_named_with_its_place) {
    for (auto const* pem :
         {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
        BOOST_TEST(
            starts_with(key_flaw(pem, "EdDSA"), "config.toml:2:15: tokens.signing_key: key.pem: "),
            pem);
}

BOOST_AUTO_TEST_CASE(without_a_file_there_is_no_key_and_one_is_made_elsewhere) {
    config_folder const folder;
    BOOST_TEST(!signing_key_file(load(folder, "")).has_value());
    folder.write("key.pem", ed25519_key);
    auto const key = signing_key_file(
        load(folder, "[tokens]\nsigning_key = \"key.pem\"\nsigning_alg = \"EdDSA\"\n"));
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(key->algorithm() == "EdDSA");
    // RFC 8410 §10.1, the public key of that example; RFC 8037 §2 has it as "x".
    BOOST_TEST(key->public_jwk().at("x") == "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_gone_since_the_configuration_was_read_is_named) {
    config_folder const folder;
    auto const file = folder.write("key.pem", ed25519_key);
    auto const c = load(folder, "[tokens]\nsigning_key = \"key.pem\"\nsigning_alg = \"EdDSA\"\n");
    std::filesystem::remove(file);
    BOOST_CHECK_EXCEPTION(signing_key_file(c), config_error, [&](config_error const& e) {
        return std::string(e.what()).ends_with("key.pem cannot be read");
    });
}

constexpr auto client_url = "https://app.example/client.json";

BOOST_AUTO_TEST_CASE(a_document_is_json_about_its_own_url_or_a_key_set) {
    std::string const whole = R"({"client_id":"https://app.example/client.json",)"
                              R"("client_name":"App","redirect_uris":["http://127.0.0.1/cb"]})";
    BOOST_TEST(document_flaw(whole, client_url) == "");
    BOOST_TEST(document_flaw(R"({"keys":[{"kty":"OKP","crv":"Ed25519",)"
                             R"("x":"Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"}]})",
                             "https://app.example/jwks") == "");
    std::string const place = "config.toml:3:8: client_documents[0].file: doc.json";
    for (auto const* text : {"", "x", "[]", "\"text\"", "{} {}", "{\"a\":1,}"})
        BOOST_TEST(document_flaw(text, client_url) == place + " holds no JSON object", text);
    BOOST_TEST(starts_with(document_flaw("{}", client_url), place + ": "));
    BOOST_TEST(
        starts_with(document_flaw(whole, "https://other.example/client.json"), place + ": "));
    BOOST_TEST(
        starts_with(document_flaw(R"({"keys":[]})", client_url), place + ": the key set holds no"));
}

BOOST_AUTO_TEST_CASE(the_documents_are_found_by_their_urls) {
    config_folder const folder;
    std::string toml;
    for (std::string const name : {"a", "b"}) {
        auto const url = "https://" + name + ".example/client";
        folder.write(name + ".json", R"({"client_id":")" + url +
                                         R"(","client_name":"App","redirect_uris":)"
                                         R"(["http://127.0.0.1/cb"]})");
        toml += "[[client_documents]]\nurl = \"" + url + "\"\nfile = \"" + name + ".json\"\n";
    }
    auto const all = client_documents(load(folder, toml));
    BOOST_TEST(all.size() == 2u);
    BOOST_TEST(all.at("https://b.example/client")->at("client_id") == "https://b.example/client");
}

BOOST_AUTO_TEST_CASE(a_certificate_is_tried_with_its_key) {
    config_folder const folder;
    config_folder const other;
    auto const files = http::write_certificates(folder.path());
    auto const others = http::write_certificates(other.path());
    auto const toml = [](std::string const& certificate, std::string const& key) {
        return "[tls]\ncertificate = \"" + certificate + "\"\nprivate_key = \"" + key + "\"\n";
    };
    BOOST_TEST(flaw(folder, toml(files.certificate.string(), files.key.string())) == "");
    std::string const place = "config.toml:2:15: tls.certificate: ";
    BOOST_TEST(
        starts_with(flaw(folder, toml(files.certificate.string(), others.key.string())), place));
    auto const garbage = folder.write("garbage.pem", "x");
    BOOST_TEST(starts_with(flaw(folder, toml(garbage, files.key.string())), place));
    BOOST_TEST(starts_with(flaw(folder, toml(files.certificate.string(), garbage)), place));
}

BOOST_AUTO_TEST_SUITE_END()
