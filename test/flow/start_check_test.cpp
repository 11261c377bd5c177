// `tollgate serve` says plainly when a URL that it advertises does not lead back to it.
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/command.hpp"
#include "flow/program.hpp"
#include "http/net/certs.hpp"
#include "support/live_server.hpp"

namespace {

using namespace test;
namespace http = tollgate::http;

// What it has logged about its public URLs in the end; a line each.
std::vector<std::string> lines_of(serving& s) {
    auto const e = s.stop();
    BOOST_TEST(e.code == 0, e.err);
    std::vector<std::string> lines;
    std::istringstream in(e.err);
    for (std::string line; std::getline(in, line);)
        if (line.find("public_url_") != line.npos) lines.push_back(line);
    return lines;
}

// All of its URLs are tried out before the first line is written.
std::vector<std::string> lines_about(std::string const& sets) {
    serving s("--set server.workers=1 " + sets);
    BOOST_TEST(s.has_logged("public_url_"));
    return lines_of(s);
}

bool holds(std::string const& line, std::string_view part) {
    return line.find(part) != line.npos;
}

void check_warning(std::string const& sets, std::string_view found, std::string_view why) {
    auto const lines = lines_about(sets);
    BOOST_REQUIRE_MESSAGE(lines.size() == 1u, lines.size() << " lines for " << sets);
    BOOST_TEST(holds(lines.front(), "warning"), lines.front());
    BOOST_TEST(holds(lines.front(), "public_url_not_reached"), lines.front());
    BOOST_TEST(holds(lines.front(), found), lines.front());
    BOOST_TEST(holds(lines.front(), why), lines.front());
}

tollgate::task<http::reply> send_away(http::request const&, http::listener_info const&,
                                      boost::asio::any_io_executor) {
    auto r = http::redirect("https://login.example/");
    co_return r;
}

std::string of_mcp(std::string const& url) {
    return "--set mcp.public_url=" + url;
}

BOOST_AUTO_TEST_SUITE(start_check_flow)

BOOST_AUTO_TEST_CASE(says_nothing_where_no_url_is_public) {
    serving s("--set server.workers=1");
    // Whatever it asked itself on its only core before this, it would have answered by then.
    for (auto const* name : {"issuer", "mcp"})
        BOOST_TEST(get(text_of(s.where(), name)).status != 0u);
    BOOST_TEST(lines_of(s).empty());
}

BOOST_AUTO_TEST_CASE(says_that_nobody_answers) {
    check_warning(of_mcp("http://mcp-dead.localhost:1"), "unreachable", "refused");
}

BOOST_AUTO_TEST_CASE(says_that_somebody_else_answers) {
    program const other;
    check_warning(of_mcp(other.issuer()), "somebody_else", "another tollgate answers there");
}

BOOST_AUTO_TEST_CASE(says_that_it_was_sent_elsewhere) {
    live_server const other(&send_away);
    check_warning(of_mcp("http://localhost:" + std::to_string(other.port())), "redirected",
                  "https://login.example/");
}

BOOST_AUTO_TEST_CASE(says_that_a_certificate_is_not_trusted) {
    folder const dir;
    auto const files = http::write_certificates(dir.path());
    auto options = live_server::small();
    options.tls.certificate = files.certificate;
    options.tls.private_key = files.key;
    live_server const other(&send_away, options);
    check_warning(of_mcp("https://127.0.0.1:" + std::to_string(other.port())), "untrusted",
                  "certificate");
}

BOOST_AUTO_TEST_CASE(says_it_of_each_url_and_is_content_with_itself) {
    std::string port;
    {
        program const before;
        port = before.issuer().substr(before.issuer().rfind(':'));
    }
    auto const lines = lines_about("--set authorization_server.listen=localhost" + port +
                                   " --set authorization_server.public_url=http://as.localhost" +
                                   port + ' ' + of_mcp("http://mcp-dead.localhost:1"));
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(holds(lines[0], "public_url_reached"), lines[0]);
    BOOST_TEST(holds(lines[0], "http://as.localhost" + port), lines[0]);
    BOOST_TEST(holds(lines[1], "public_url_not_reached"), lines[1]);
}

// A listener that takes connections and never answers: it would be given up after three seconds,
// and a line would say so.
BOOST_AUTO_TEST_CASE(a_start_waits_for_nobody_and_neither_does_an_end) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    silent.non_blocking(true);
    serving s("--set server.workers=1 " +
              of_mcp("http://127.0.0.1:" + std::to_string(silent.local_endpoint().port())));
    boost::asio::ip::tcp::socket asking(io);
    BOOST_TEST(eventually([&] {
        boost::system::error_code none_yet;
        silent.accept(asking, none_yet);
        return !none_yet;
    }));
    BOOST_TEST(lines_of(s).empty());
}

// The check of the first name is still under way when the name is given up.
BOOST_AUTO_TEST_CASE(says_nothing_of_a_name_that_was_given_up_meanwhile) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    serving s("--set server.workers=1 --set control.token=open-sesame-open-sesame " +
              of_mcp("http://127.0.0.1:" + std::to_string(silent.local_endpoint().port())));
    boost::asio::ip::tcp::socket asking(io);
    silent.accept(asking);
    auto const issuer = text_of(s.where(), "issuer");
    auto const renamed =
        post_json(issuer + "/control/public-url", R"({"mcp":"http://mcp-dead.localhost:1"})",
                  {{"Authorization", "Bearer open-sesame-open-sesame"}});
    BOOST_TEST(renamed.status == 200u, renamed.body);
    asking.close();
    BOOST_TEST(s.has_logged("public_url_not_reached"));
    BOOST_TEST(get(issuer + "/healthz").status == 200u);
    auto const lines = lines_of(s);
    BOOST_REQUIRE(lines.size() == 1u);
    BOOST_TEST(holds(lines[0], "http://mcp-dead.localhost:1"), lines[0]);
}

std::string as_broker_of(std::string const& issuer) {
    return "--set authorization_server.mode=broker --set upstream.client_id=broker"
           " --set upstream.issuer=" +
           issuer;
}

BOOST_AUTO_TEST_CASE(says_that_the_provider_cannot_be_asked) {
    serving s(as_broker_of("http://127.0.0.1:1"));
    BOOST_TEST(s.has_logged("provider_not_reached"));
    auto const e = s.stop();
    BOOST_TEST(holds(e.err, "issuer=http://127.0.0.1:1"), e.err);
    BOOST_TEST(holds(e.err, "refused"), e.err);
}

BOOST_AUTO_TEST_CASE(says_that_the_provider_is_there) {
    program const provider;
    serving s(as_broker_of(provider.issuer()));
    BOOST_TEST(s.has_logged("provider_reached"));
    BOOST_TEST(s.stop().code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
