// TLS on the server's side, with the certificates that `tollgate certs` writes.
#include <chrono>
#include <fstream>

#include <openssl/ssl.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/test/unit_test.hpp>

#include "http/net/certs.hpp"
#include "support/folder.hpp"
#include "support/live_server.hpp"
#include "support/raw_client.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = tollgate::http;
using test::get;
using test::live_server;
using test::post;
using test::raw_client;

namespace {

class two_chunks : public http::body_stream {
public:
    tollgate::task<std::optional<std::string>> next() override {
        if (left_ == 0) co_return std::nullopt;
        co_return std::to_string(left_--);
    }
    void close() noexcept override { left_ = 0; }

private:
    int left_ = 2;
};

tollgate::task<http::reply> serve(http::request const& r, http::listener_info const& l,
                                  asio::any_io_executor) {
    http::reply a(200, "text/plain", std::string(r.target));
    if (r.path == "/stream") a.stream = std::make_unique<two_chunks>();
    if (r.path == "/big") a.body.assign(3 << 20, 'b');
    if (!r.tls || !l.tls) a.status = 500;
    co_return a;
}

struct tls_fixture {
    test::folder dir;
    http::certificate_files files = http::write_certificates(dir.path());
    http::server::options options = live_server::small();
    std::unique_ptr<live_server> server;

    tls_fixture() {
        options.tls.certificate = files.certificate;
        options.tls.private_key = files.key;
    }
    unsigned short start() {
        server = std::make_unique<live_server>(&serve, options);
        return server->port();
    }
    raw_client::tls_options trusting(int lowest = 0, int highest = 0) const {
        raw_client::tls_options o;
        o.ca_file = files.ca;
        o.lowest = lowest;
        o.highest = highest;
        return o;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tls, tls_fixture)

// RFC 6749 §1.6: TLS wherever it is required; a realm has it by configuration
// RFC 6749 §10.9: TLS with a certificate that authenticates the server
// RFC 6750 §5.2: the authorization server implements TLS
// RFC 7009 §2: the revocation endpoint can use TLS.
// RFC 7591 §5: the registration endpoint supports TLS 1.2.
// RFC 7662 §4: the introspection endpoint supports TLS 1.2.
// RFC 8414 §6.1: the metadata are served with TLS.
BOOST_AUTO_TEST_CASE(serves_tls_1_2_and_1_3_with_a_chain_that_verifies) {
    auto const port = start();
    for (auto const& [version, name] :
         {std::pair(TLS1_2_VERSION, "TLSv1.2"), std::pair(TLS1_3_VERSION, "TLSv1.3")}) {
        raw_client c(port);
        c.start_tls(trusting(version, version));
        BOOST_TEST(c.tls_version() == name);
        c.send(get("/a") + post("/b", "body"));
        BOOST_TEST(c.read_reply().body == "/a");
        BOOST_TEST(c.read_reply().body == "/b");
    }
}

// RFC 8996 §5: TLS 1.1 must not be used
BOOST_AUTO_TEST_CASE(refuses_tls_1_1) {
    raw_client c(start());
    BOOST_CHECK_THROW(c.start_tls(trusting(TLS1_VERSION, TLS1_1_VERSION)), test::raw_failure);
}

// RFC 7301
BOOST_AUTO_TEST_CASE(chooses_http_1_1_by_alpn_and_serves_without_a_match) {
    auto const port = start();
    for (auto const& [offered, chosen] : {std::pair("http/1.1", "http/1.1"), std::pair("h2", "")}) {
        raw_client c(port);
        auto o = trusting();
        o.alpn = offered;
        c.start_tls(o);
        BOOST_TEST(c.alpn() == chosen);
        c.send(get("/a"));
        BOOST_TEST(c.read_reply().status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(sends_large_bodies_and_says_goodbye) {
    raw_client c(start());
    c.start_tls(trusting());
    c.send(get("/big", "Connection: close\r\n"));
    BOOST_TEST(c.read_reply().body.size() == 3u << 20);
    BOOST_TEST(c.is_closed());
}

BOOST_AUTO_TEST_CASE(streams_to_the_end_and_closes) {
    raw_client c(start());
    c.start_tls(trusting());
    c.send(get("/stream"));
    auto const a = c.read_reply();
    BOOST_TEST(a.body == "21");
    BOOST_TEST(a.header("Connection") == "close");
    BOOST_TEST(c.is_closed());
}

// RFC 6749 §2.3.1: with TLS on, no password goes in over plain http
// RFC 6749 §3.1: with TLS on, the authorization endpoint requires it
// RFC 6749 §3.2: with TLS on, the token endpoint requires it
// RFC 6749 §10.8: no token and no credential travels in the clear
// RFC 6749 §10.11: no page where a person logs in without TLS
BOOST_AUTO_TEST_CASE(tells_a_plain_http_client_where_it_is) {
    raw_client c(start());
    c.send(get("/"));
    auto const a = c.read_reply();
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.body.find("https://") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(limits_the_time_of_the_handshake) {
    options.limits.header_timeout = 100ms;
    raw_client c(start());
    BOOST_TEST(c.is_closed());
}

BOOST_AUTO_TEST_CASE(drains_idle_tls_connections) {
    auto const port = start();
    raw_client idle(port);
    idle.start_tls(trusting());
    idle.send(get("/a"));
    idle.read_reply();
    raw_client handshaking(port);
    BOOST_REQUIRE(server->wait_for_connections(2));
    BOOST_TEST((server->stop(10s) < 3s));
}

BOOST_AUTO_TEST_CASE(explains_files_that_cannot_be_used) {
    auto const fails_naming = [&](std::filesystem::path const& certificate,
                                  std::filesystem::path const& key,
                                  std::filesystem::path const& named) {
        http::server::options o;
        o.tls.certificate = certificate;
        o.tls.private_key = key;
        BOOST_CHECK_EXCEPTION(
            http::server{o}, std::runtime_error, [&](std::runtime_error const& e) {
                return std::string(e.what()).find(named.string()) != std::string::npos;
            });
    };
    fails_naming(dir.path() / "none.pem", files.key, "none.pem");
    fails_naming(files.certificate, dir.path() / "none.pem", "none.pem");
    auto const nonsense = dir.path() / "nonsense.pem";
    std::ofstream(nonsense) << "nonsense";
    fails_naming(nonsense, files.key, nonsense);
    test::folder other;
    auto const foreign = http::write_certificates(other.path());
    fails_naming(files.certificate, foreign.key, foreign.key);
}

BOOST_AUTO_TEST_SUITE_END()
