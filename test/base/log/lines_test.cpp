// The lines of the log, whatever is in them, and the writer that owns a thread.
#include <array>
#include <thread>

#include <fcntl.h>
#include <unistd.h>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "base/log/log.hpp"
#include "base/log/log_writer.hpp"

using namespace tollgate;

namespace {

std::string line_of(log_format format, std::string_view value) {
    std::vector<log_field> const fields{{"key", value}};
    return format_log_line(format, "T", log_level::info, "event", fields);
}
std::string text_of(std::string_view value) {
    return line_of(log_format::text, value).substr(std::string_view("T info event key=").size());
}

class pipe_of_two {
public:
    pipe_of_two() { BOOST_REQUIRE(::pipe(ends_.data()) == 0); }
    ~pipe_of_two() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    pipe_of_two(pipe_of_two const&) = delete;
    pipe_of_two& operator=(pipe_of_two const&) = delete;
    int in() const { return ends_[1]; }
    // What can be read now.
    std::string read() {
        std::array<char, 4096> buffer{};
        auto const n = ::read(ends_[0], buffer.data(), buffer.size());
        return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : std::string();
    }
    // Nothing more fits without somebody reading.
    void fill() {
        ::fcntl(in(), F_SETFL, O_NONBLOCK);
        std::string const block(4096, 'x');
        while (::write(in(), block.data(), block.size()) > 0) {
        }
        ::fcntl(in(), F_SETFL, 0);
    }

private:
    std::array<int, 2> ends_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(keeps_the_letters_of_other_languages) {
    BOOST_TEST(text_of("caf\xc3\xa9") == "\"caf\xc3\xa9\"");
    BOOST_TEST(text_of("\xc2\xa0\xe2\x82\xac\xf0\x9f\x98\x80") ==
               "\"\xc2\xa0\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

// ECMA-48: C1 controls are commands to a terminal as much as C0 ones are.
BOOST_AUTO_TEST_CASE(escapes_the_controls_of_both_sets_by_their_number) {
    BOOST_TEST(text_of(std::string_view("\0", 1)) == "\"\\u0000\"");
    BOOST_TEST(text_of("\t") == "\"\\u0009\"");
    BOOST_TEST(text_of("\x1f\x7f") == "\"\\u001f\\u007f\"");
    BOOST_TEST(text_of("\xc2\x80\xc2\x85\xc2\x9f") == "\"\\u0080\\u0085\\u009f\"");
}

// RFC 8259 §7: whatever a peer sends, a line of the log is one JSON text.
BOOST_AUTO_TEST_CASE(writes_json_whatever_byte_a_value_ends_with) {
    for (int i = 0; i < 256; ++i) {
        std::string const value{'a', static_cast<char>(static_cast<unsigned char>(i))};
        boost::system::error_code ec;
        auto const line = boost::json::parse(line_of(log_format::json, value), ec);
        BOOST_TEST(!ec, "byte " << i);
        if (i < 0x80) BOOST_TEST(line.at("key").as_string() == value, "byte " << i);
    }
}

BOOST_AUTO_TEST_CASE(names_no_field_that_a_peer_could_break_a_line_with) {
    std::vector<log_field> const fields{{"a\nb", "1"}, {"c\"", "2"}};
    BOOST_TEST(format_log_line(log_format::text, "T", log_level::error, "event", fields) ==
               "T error event a\\u000ab=1 c\\\"=2");
}

BOOST_AUTO_TEST_CASE(writes_a_line_without_fields_without_a_trailing_space) {
    BOOST_TEST(format_log_line(log_format::text, "T", log_level::debug, "begun", {}) ==
               "T debug begun");
    BOOST_TEST(format_log_line(log_format::json, "T", log_level::debug, "begun", {}) ==
               R"({"time":"T","level":"debug","event":"begun"})");
}

BOOST_AUTO_TEST_CASE(lets_through_its_own_level_and_what_is_worse) {
    constexpr std::array levels{log_level::debug, log_level::info, log_level::warning,
                                log_level::error};
    for (std::size_t threshold = 0; threshold < levels.size(); ++threshold) {
        set_log(levels[threshold], log_format::text);
        for (std::size_t i = 0; i < levels.size(); ++i)
            BOOST_TEST(log_enabled(levels[i]) == (i >= threshold));
    }
    set_log(log_level::off, log_format::text);
    for (auto const level : levels)
        BOOST_TEST(!log_enabled(level));
    set_log(log_level::info, log_format::text);
}

BOOST_AUTO_TEST_CASE(takes_a_line_that_fills_its_buffer_to_the_last_byte) {
    pipe_of_two p;
    log_writer w(p.in(), 10);
    BOOST_TEST(w.write("123456789"));  // and the end of the line
    w.flush();
    BOOST_TEST(p.read() == "123456789\n");
}

BOOST_AUTO_TEST_CASE(drops_a_line_that_is_longer_than_its_buffer_and_says_so) {
    pipe_of_two p;
    log_writer w(p.in(), 10);
    BOOST_TEST(!w.write("1234567890"));
    BOOST_TEST(w.write("next"));
    w.flush();
    BOOST_TEST(p.read() == "next\nlog lines dropped: 1\n");
    BOOST_TEST(w.write("later"));
    w.flush();
    BOOST_TEST(p.read() == "later\n");
}

// A reader of stderr that has stopped reading must not keep the server from ending.
BOOST_AUTO_TEST_CASE(flushes_and_ends_although_nobody_reads) {
    pipe_of_two p;
    p.fill();
    log_writer w(p.in());
    BOOST_TEST(w.write("nobody will see this"));
    w.flush();
    BOOST_TEST(w.write("nor this"));
}

BOOST_AUTO_TEST_CASE(flushes_for_several_threads_at_once) {
    pipe_of_two p;
    log_writer w(p.in());
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) {
                w.write("x");
                w.flush();
            }
        });
    threads.clear();
    BOOST_TEST(p.read().size() == 80u);
}

BOOST_AUTO_TEST_SUITE_END()
