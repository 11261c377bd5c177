// Asking other servers over TLS: who is trusted, and as whom.
#include "http/client/peers.hpp"

using namespace test::client_peers;

BOOST_FIXTURE_TEST_SUITE(client_tls, client_fixture)

struct tls_client_fixture : client_fixture {
    test::folder dir;
    http::certificate_files files = http::write_certificates(dir.path());
    http::server::options options = live_server::small();

    tls_client_fixture() {
        options.tls.certificate = files.certificate;
        options.tls.private_key = files.key;
    }
    void trust(std::filesystem::path const& file) {
        http::client::options o;
        o.extra_ca_file = file;
        client.emplace(o);
    }
};

BOOST_FIXTURE_TEST_CASE(trusts_the_extra_file_for_localhost_names_and_addresses,
                        tls_client_fixture) {
    live_server s(&serve, options, "localhost:0");
    for (auto const& file : {files.ca, files.certificate}) {
        trust(file);
        for (auto const* host : {"https://localhost:", "https://alpha.localhost:",
                                 "https://127.0.0.1:", "https://[::1]:"}) {
            auto const a = get(url_of(s.port(), "/x", host));
            BOOST_REQUIRE_MESSAGE(a, host << a.error().message());
            BOOST_REQUIRE(get(url_of(s.port(), "/y", host)));
        }
        BOOST_TEST(idle() == 4u);
    }
}

BOOST_FIXTURE_TEST_CASE(trusts_a_leaf_without_its_ca, tls_client_fixture) {
    auto const leaf = dir.path() / "leaf.pem";
    std::ifstream all(files.certificate);
    std::ofstream to(leaf);
    for (std::string line; std::getline(all, line);) {
        to << line << '\n';
        if (line.starts_with("-----END")) break;
    }
    to.close();
    live_server s(&serve, options, "127.0.0.1:0");
    trust(leaf);
    BOOST_TEST(get(url_of(s.port(), "/", "https://127.0.0.1:")).has_value());
}

// RFC 7662 §4: whoever asks checks the certificate of the server.
BOOST_FIXTURE_TEST_CASE(refuses_a_certificate_that_nobody_vouches_for, tls_client_fixture) {
    live_server s(&serve, options, "127.0.0.1:0");
    requests = 0;
    auto const a = get(url_of(s.port(), "/", "https://127.0.0.1:"));
    BOOST_TEST(!a);
    BOOST_TEST(a.error().message().find("certificate verify failed") != std::string::npos);
    test::folder other;
    trust(http::write_certificates(other.path()).ca);
    BOOST_TEST(!get(url_of(s.port(), "/", "https://127.0.0.1:")));
    BOOST_TEST(requests == 0);
}

// RFC 7662 §4: whoever asks checks the certificate of the server.
BOOST_FIXTURE_TEST_CASE(refuses_a_certificate_for_another_host, tls_client_fixture) {
    live_server s(&serve, options, "127.0.0.2:0");  // not among the names of the certificate
    trust(files.ca);
    requests = 0;
    auto const a = get(url_of(s.port(), "/", "https://127.0.0.2:"));
    BOOST_TEST(!a);
    BOOST_TEST(requests == 0);
}

// A certificate for a public name does not hold 127.0.0.1, where we ask ourselves.
BOOST_FIXTURE_TEST_CASE(knows_the_certificate_of_the_extra_file_under_any_name,
                        tls_client_fixture) {
    live_server s(&serve, options, "127.0.0.2:0");
    trust(files.certificate);
    BOOST_TEST(get(url_of(s.port(), "/", "https://127.0.0.2:")).has_value());
}

BOOST_FIXTURE_TEST_CASE(fails_when_the_peer_speaks_no_tls, tls_client_fixture) {
    live_server s(&serve);
    BOOST_TEST(!get(url_of(s.port(), "/", "https://127.0.0.1:")));
}

BOOST_AUTO_TEST_CASE(throws_when_the_extra_file_cannot_be_read) {
    http::client::options o;
    o.extra_ca_file = "/nonexistent/ca.pem";
    BOOST_CHECK_THROW(http::client{o}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
