#include "base/log/log.hpp"

#include <array>
#include <thread>

#include <fcntl.h>
#include <unistd.h>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "base/log/log_writer.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/pipeline/request_log.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

std::string line_of(log_format format, std::vector<log_field> const& fields,
                    std::string_view event = "request") {
    return format_log_line(format, "2026-01-02T03:04:05.006Z", log_level::info, event, fields);
}

struct pipe_pair {
    std::array<int, 2> ends{};
    pipe_pair() { BOOST_REQUIRE(::pipe(ends.data()) == 0); }
    ~pipe_pair() {
        ::close(ends[0]);
        if (ends[1] >= 0) ::close(ends[1]);
    }
    std::string read_all() {
        ::close(ends[1]);
        ends[1] = -1;
        std::string all;
        std::array<char, 4096> buffer{};
        for (;;) {
            auto const n = ::read(ends[0], buffer.data(), buffer.size());
            if (n <= 0) return all;
            all.append(buffer.data(), static_cast<std::size_t>(n));
        }
    }
};

// Everything that is logged while it lives, read from stderr itself.
class captured {
public:
    captured(log_level level, log_format format) : saved_(::dup(STDERR_FILENO)) {
        flush_log();
        ::dup2(pipe_.ends[1], STDERR_FILENO);
        set_log(level, format);
    }
    ~captured() { restore(); }
    std::string take() {
        restore();
        return pipe_.read_all();
    }

private:
    void restore() {
        if (saved_ < 0) return;
        flush_log();
        ::dup2(saved_, STDERR_FILENO);
        ::close(saved_);
        saved_ = -1;
        set_log(log_level::info, log_format::text);
    }
    pipe_pair pipe_;
    int saved_;
};

task<outcome<reply>> noted(context& c) {
    c.note("decision", "code redeemed");
    co_return reply(201);
}

task<outcome<reply>> fails(context&) {
    problem const p(400, "invalid_grant", "x");
    co_return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(logs)

BOOST_AUTO_TEST_CASE(a_text_line_quotes_what_is_no_plain_word) {
    BOOST_TEST(
        line_of(
            log_format::text,
            {{"a", "plain/word"}, {"b", "two words"}, {"c", ""}, {"d", "x=y"}, {"e", "q\"b\\"}}) ==
        "2026-01-02T03:04:05.006Z info request a=plain/word b=\"two words\" c=\"\" "
        "d=\"x=y\" e=\"q\\\"b\\\\\"");
}

BOOST_AUTO_TEST_CASE(a_json_line_is_json) {
    auto const value = boost::json::parse(line_of(log_format::json, {{"a", "x\"y\n\x7f"}}));
    BOOST_TEST(value.at("time").as_string() == "2026-01-02T03:04:05.006Z");
    BOOST_TEST(value.at("level").as_string() == "info");
    BOOST_TEST(value.at("event").as_string() == "request");
    BOOST_TEST(value.at("a").as_string() == "x\"y\n\x7f");
}

BOOST_AUTO_TEST_CASE(a_peer_can_neither_start_a_line_nor_speak_to_the_terminal) {
    std::vector<log_field> const fields{{"a", "x\r\nfake line\x1b[2J\x7f"},
                                        {"b",
                                         "\xc2\x9b"
                                         "31m"}};
    for (auto const format : {log_format::text, log_format::json}) {
        auto const line = line_of(format, fields, "ev\nent");
        for (char const c : line) {
            auto const byte = static_cast<unsigned char>(c);
            BOOST_TEST((byte >= 0x20 && byte != 0x7f));
        }
        BOOST_TEST(line.find("\xc2\x9b") == std::string::npos);
        BOOST_TEST(line.find("\\u000a") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_do_not_break_json) {
    auto const line = line_of(log_format::json, {{"a", "x\xff\xc2"}, {"b", "\xc3\xa9"}});
    auto const value = boost::json::parse(line);
    BOOST_TEST(value.at("a").as_string() == "x??");
    BOOST_TEST(value.at("b").as_string() == "\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(targets_lose_the_values_of_secret_parameters) {
    BOOST_TEST(mask_target("/cb?code=SECRET&state=xyz&iss=i") == "/cb?code=***&state=***&iss=i");
    BOOST_TEST(mask_target("/mcp?access_token=T") == "/mcp?access_token=***");
    for (std::string const name :
         {"code", "access_token", "refresh_token", "token", "client_secret", "code_verifier",
          "assertion", "client_assertion", "password", "id_token", "id_token_hint", "subject_token",
          "sessionId", "CODE", "%63ode", "c%6Fde", "refreshToken", "refresh_token[]",
          "form_seal"}) {
        BOOST_TEST(mask_target("/x?a=1&" + name + "=SECRET") == "/x?a=1&" + name + "=***");
    }
}

BOOST_AUTO_TEST_CASE(targets_lose_a_token_in_their_path) {
    BOOST_TEST(mask_target("/introspect/" + random_token() + "?a=b") == "/introspect/***?a=b");
    BOOST_TEST(mask_target("/mcp/eyJhbGciOiJub25lIn0.e30.c2ln") == "/mcp/***");
}

BOOST_AUTO_TEST_CASE(targets_lose_a_token_wherever_it_stands_in_their_query) {
    auto const token = random_token();
    BOOST_TEST(mask_target("/mcp?x=" + token) == "/mcp?x=***");
    BOOST_TEST(mask_target("/token?" + token + "=1&" + token) == "/token?***=1&***");
    BOOST_TEST(mask_target("/mcp?x=Bearer%20" + token + "%3D") == "/mcp?x=Bearer%20***%3D");
    BOOST_TEST(mask_target("/mcp?x=Bearer%20eyJhbGciOiJub25lIn0.e30.c2ln") ==
               "/mcp?x=Bearer%20***");
    // RFC 7636 §4.2: what is meant to be seen.
    auto const challenge = "/authorize?code_challenge=" + token;
    BOOST_TEST(mask_target(challenge) == challenge);
}

BOOST_AUTO_TEST_CASE(targets_keep_everything_else) {
    for (auto const* target : {"/", "/token", "/x?", "/x?a", "/x?code", "/x?a=1&&b=2",
                               "/authorize?client_id=c&code_challenge=abc&scope=s", "/x?%zz=1"}) {
        BOOST_TEST(mask_target(target) == target);
    }
}

BOOST_AUTO_TEST_CASE(a_second_question_mark_hides_nothing) {
    BOOST_TEST(mask_target("/x?a=?&code=S?T&b") == "/x?a=?&code=***&b");
}

BOOST_AUTO_TEST_CASE(a_writer_writes_every_line_before_it_ends) {
    pipe_pair p;
    {
        log_writer w(p.ends[1]);
        for (int i = 0; i < 100; ++i)
            BOOST_TEST(w.write("line " + std::to_string(i)));
    }
    auto const all = p.read_all();
    BOOST_TEST(all.starts_with("line 0\nline 1\n"));
    BOOST_TEST(all.ends_with("line 99\n"));
}

BOOST_AUTO_TEST_CASE(lines_of_several_threads_stay_whole) {
    pipe_pair p;
    ::fcntl(p.ends[1], F_SETPIPE_SZ, 1 << 16);
    {
        log_writer w(p.ends[1]);
        std::vector<std::thread> threads;
        for (char const c : {'a', 'b', 'c', 'd'}) {
            threads.emplace_back([&w, c] {
                for (int i = 0; i < 200; ++i)
                    w.write(std::string(40, c));
            });
        }
        for (auto& t : threads)
            t.join();
    }
    auto const all = p.read_all();
    BOOST_TEST(all.size() == 4u * 200u * 41u);
    for (std::size_t at = 0; at < all.size(); at += 41) {
        auto const line = all.substr(at, 41);
        BOOST_REQUIRE(line == std::string(40, line[0]) + '\n');
    }
}

BOOST_AUTO_TEST_CASE(flush_returns_when_the_lines_are_out) {
    pipe_pair p;
    log_writer w(p.ends[1]);
    BOOST_TEST(w.write("one"));
    w.flush();
    std::array<char, 16> buffer{};
    BOOST_TEST(::read(p.ends[0], buffer.data(), buffer.size()) == 4);
}

BOOST_AUTO_TEST_CASE(a_blocked_writer_drops_lines_and_says_how_many_and_never_waits) {
    pipe_pair p;
    ::fcntl(p.ends[1], F_SETPIPE_SZ, 4096);
    std::string read;
    std::thread reader;
    int dropped = 0;
    {
        log_writer w(p.ends[1], 10'000);
        for (int i = 0; i < 1000; ++i)
            dropped += !w.write(std::string(99, 'x'));
        BOOST_TEST(dropped > 0);
        reader = std::thread([&] {
            std::array<char, 4096> buffer{};
            for (;;) {
                auto const n = ::read(p.ends[0], buffer.data(), buffer.size());
                if (n <= 0) return;
                read.append(buffer.data(), static_cast<std::size_t>(n));
            }
        });
    }
    ::close(p.ends[1]);
    p.ends[1] = -1;
    reader.join();
    // It may have had to say so more than once.
    std::string_view const said = "log lines dropped: ";
    int told = 0;
    for (auto at = read.find(said); at != std::string::npos; at = read.find(said, at + 1))
        told += std::stoi(read.substr(at + said.size()));
    BOOST_TEST(told == dropped);
}

BOOST_AUTO_TEST_CASE(a_broken_descriptor_does_not_hang) {
    log_writer w(-1);
    w.write("lost");
    w.flush();
    BOOST_TEST(w.write("lost again"));
}

BOOST_AUTO_TEST_CASE(lines_below_the_threshold_are_not_written) {
    captured c(log_level::warning, log_format::text);
    BOOST_TEST(!log_enabled(log_level::info));
    BOOST_TEST(log_enabled(log_level::error));
    log(log_level::info, "quiet");
    log(log_level::warning, "loud", {{"key", "value"}});
    auto const all = c.take();
    BOOST_TEST(all.find("quiet") == std::string::npos);
    BOOST_TEST(all.find(" warning loud key=value\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(off_writes_nothing_at_all) {
    captured c(log_level::off, log_format::text);
    log(log_level::error, "error");
    log(log_level::off, "off");
    BOOST_TEST(c.take().empty());
}

// RFC 9700 §4.9.3: tokens are not written anywhere in plain text
BOOST_AUTO_TEST_CASE(a_request_leaves_one_line_with_its_secrets_masked) {
    router routes;
    routes.add_row("/cb", verb::get, "callback", plain_route, &noted);
    test::bench bench(routes, stack({request_log_layer()}, &run_route));
    captured c(log_level::info, log_format::json);
    bench.get("/cb?code=SECRET&state=s");
    auto const all = c.take();
    BOOST_TEST(std::count(all.begin(), all.end(), '\n') == 1);
    auto const line = boost::json::parse(all);
    auto const text = [&](char const* key) { return std::string(line.at(key).as_string()); };
    BOOST_TEST(text("event") == "request");
    BOOST_TEST(text("id") == "test-1");
    BOOST_TEST(text("realm") == "default");
    BOOST_TEST(text("endpoint") == "callback");
    BOOST_TEST(text("method") == "GET");
    BOOST_TEST(text("target") == "/cb?code=***&state=***");
    BOOST_TEST(text("status") == "201");
    BOOST_TEST(text("decision") == "code redeemed");
    BOOST_TEST(text("time").size() == 24u);
    BOOST_TEST(std::stod(text("ms")) >= 0.0);
}

BOOST_AUTO_TEST_CASE(a_failed_request_is_logged_with_its_status) {
    router routes;
    routes.add_row("/x", verb::get, "x", plain_route, &fails);
    test::bench bench(routes, stack({request_log_layer()}, &run_route));
    captured c(log_level::info, log_format::text);
    bench.get("/x");
    BOOST_TEST(c.take().find("status=400") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_are_not_logged_when_the_log_is_off) {
    router routes;
    routes.add_row("/x", verb::get, "x", plain_route, &noted);
    test::bench bench(routes, stack({request_log_layer()}, &run_route));
    captured c(log_level::off, log_format::text);
    BOOST_TEST(bench.get("/x").status == 201u);
    BOOST_TEST(c.take().empty());
}

BOOST_AUTO_TEST_SUITE_END()
