// Lines in and out of descriptors.
#include "mcp/transport/stdio/line_io.hpp"

#include <csignal>
#include <fstream>

#include "mcp/transport/stdio/pipes.hpp"
#include "support/exchange.hpp"
#include "support/folder.hpp"

namespace asio = boost::asio;
namespace mcp = tollgate::mcp;
using namespace std::chrono_literals;

namespace {

struct fixture {
    asio::io_context io;
    test::held_pipe pipe;

    fixture() { std::signal(SIGPIPE, SIG_IGN); }

    bool is_blocking(int descriptor) const {
        return (::fcntl(descriptor, F_GETFL) & O_NONBLOCK) == 0;
    }
    // "text", "(long)" or "(end)" of each line until the input has ended.
    std::string lines(mcp::line_reader& from) {
        std::string out;
        for (;;) {
            auto const one = test::run(io, from.next());
            if (!one) return out + "(end)";
            out += (one->too_long ? "(long)" : one->text) + '|';
        }
    }
    std::string lines_of(std::string_view text, std::size_t longest = 100) {
        test::held_pipe own;
        mcp::line_reader from(io.get_executor(), own.read_end, longest);
        own.put(text);
        own.close_writing();
        return lines(from);
    }
    // Begins a write; whether it has returned is in `done`.
    void begin(mcp::line_writer& to, std::string text, bool& done) {
        auto work = to.write(std::move(text));
        asio::co_spawn(io, std::move(work), [&done](std::exception_ptr, bool) { done = true; });
    }
    void settle() {
        io.restart();
        while (io.poll() != 0) {
        }
    }
};

// More than a pipe and the writer hold together.
constexpr std::size_t too_much = 3 << 20;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_stdio_line_io, fixture)

// MCP 2025-11-25, Transports, "stdio": messages are delimited by newlines.
BOOST_AUTO_TEST_CASE(reads_lines_without_their_ends) {
    BOOST_TEST(lines_of("one\ntwo\r\n three \n") == "one|two| three |(end)");
}

BOOST_AUTO_TEST_CASE(a_last_line_needs_no_end) {
    BOOST_TEST(lines_of("one\ntwo") == "one|two|(end)");
}

BOOST_AUTO_TEST_CASE(reads_a_regular_file_like_a_pipe) {
    test::folder const where;
    auto const path = (where.path() / "input").string();
    std::ofstream(path) << "one\ntwo";
    auto const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    BOOST_REQUIRE(file >= 0);
    {
        mcp::line_reader from(io.get_executor(), file, 100);
        BOOST_TEST(lines(from) == "one|two|(end)");
    }
    ::close(file);
}

BOOST_AUTO_TEST_CASE(empty_lines_are_no_messages) {
    BOOST_TEST(lines_of("\n\r\n\n") == "(end)");
    BOOST_TEST(lines_of("") == "(end)");
    BOOST_TEST(lines_of("one\n\n\r\ntwo\n\n") == "one|two|(end)");
}

BOOST_AUTO_TEST_CASE(a_line_of_the_greatest_length_is_read_and_a_longer_one_is_not) {
    std::string const ten(10, 'x');
    BOOST_TEST(lines_of(ten + "\nz\n", 10) == ten + "|z|(end)");
    BOOST_TEST(lines_of(ten + "x\nz\n", 10) == "(long)|z|(end)");
    BOOST_TEST(lines_of(ten + "x", 10) == "(long)|(end)");
    BOOST_TEST(lines_of(ten, 10) == ten + "|(end)");
}

BOOST_AUTO_TEST_CASE(several_lines_that_are_too_long_are_told_one_by_one) {
    std::string const many(30, 'x');
    BOOST_TEST(lines_of(many + '\n' + many + "\nok\n" + many, 10) ==
               "(long)|(long)|ok|(long)|(end)");
}

BOOST_AUTO_TEST_CASE(a_line_may_come_in_pieces) {
    mcp::line_reader from(io.get_executor(), pipe.read_end, 100);
    std::string got;
    bool done = false;
    auto work = from.next();
    asio::co_spawn(io, std::move(work),
                   [&](std::exception_ptr, std::optional<mcp::line_reader::line> one) {
                       got = one ? one->text : "(end)";
                       done = true;
                   });
    for (auto const* piece : {"a", "b\xc3", "\xa4"}) {
        pipe.put(piece);
        settle();
        BOOST_TEST(!done);
    }
    pipe.put("c\nd");
    BOOST_REQUIRE(io.run_one_for(10s) > 0u);
    settle();
    BOOST_TEST(done);
    BOOST_TEST(got ==
               "ab\xc3\xa4"
               "c");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_in_many_pieces_is_skipped_to_its_end) {
    mcp::line_reader from(io.get_executor(), pipe.read_end, 10);
    bool done = false;
    bool too_long = false;
    auto work = from.next();
    asio::co_spawn(io, std::move(work),
                   [&](std::exception_ptr, std::optional<mcp::line_reader::line> one) {
                       too_long = one && one->too_long && one->text.empty();
                       done = true;
                   });
    for (int i = 0; i < 5; ++i) {
        pipe.put("0123456789abcdef");
        settle();
    }
    BOOST_TEST(!done);
    pipe.put("\nnext\n");
    pipe.close_writing();
    BOOST_REQUIRE(io.run_one_for(10s) > 0u);
    settle();
    BOOST_TEST(too_long);
    BOOST_TEST(lines(from) == "next|(end)");
}

BOOST_AUTO_TEST_CASE(a_cancelled_reader_has_come_to_its_end) {
    mcp::line_reader from(io.get_executor(), pipe.read_end, 100);
    bool ended = false;
    auto work = from.next();
    asio::co_spawn(
        io, std::move(work),
        [&](std::exception_ptr, std::optional<mcp::line_reader::line> one) { ended = !one; });
    settle();
    from.cancel();
    settle();
    BOOST_TEST(ended);
    BOOST_TEST(lines(from) == "(end)");
}

// The flag belongs to what is open and not to the descriptor: a shell would see it, too.
BOOST_AUTO_TEST_CASE(leaves_descriptors_as_they_were) {
    {
        mcp::borrowed_descriptor const in(io.get_executor(), pipe.read_end);
        mcp::borrowed_descriptor const out(io.get_executor(), pipe.write_end);
        BOOST_TEST(!is_blocking(pipe.read_end));
    }
    BOOST_TEST(is_blocking(pipe.read_end));
    BOOST_TEST(is_blocking(pipe.write_end));
    pipe.put("still open");
    BOOST_TEST(pipe.take() == "still open");
}

BOOST_AUTO_TEST_CASE(what_is_no_descriptor_is_refused) {
    BOOST_CHECK_THROW(mcp::line_reader(io.get_executor(), -1, 100), boost::system::system_error);
    auto const closed = std::exchange(pipe.write_end, -1);
    ::close(closed);
    BOOST_CHECK_THROW(mcp::line_writer(io.get_executor(), closed), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(writes_lines_in_the_order_in_which_they_were_said) {
    mcp::line_writer to(io.get_executor(), pipe.write_end);
    BOOST_TEST(test::run(io, to.write("one")));
    BOOST_TEST(test::run(io, to.write("two")));
    test::run(io, to.drain(10s));
    BOOST_TEST(pipe.take() == "one\ntwo\n");
    BOOST_TEST(!to.broken());
}

BOOST_AUTO_TEST_CASE(who_says_little_does_not_wait_for_the_reader) {
    mcp::line_writer to(io.get_executor(), pipe.write_end);
    std::string const some(100'000, 'x');  // more than the pipe takes
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(test::run(io, to.write(some)));
    BOOST_TEST(!to.broken());
    to.cancel();
    settle();
}

BOOST_AUTO_TEST_CASE(who_says_much_waits_until_it_is_read) {
    mcp::line_writer to(io.get_executor(), pipe.write_end);
    bool done = false;
    begin(to, std::string(too_much, 'x'), done);
    settle();
    BOOST_TEST(!done);
    std::size_t read = 0;
    for (int i = 0; i < 10'000 && read < too_much + 1; ++i) {
        read += pipe.take().size();
        settle();
    }
    BOOST_TEST(read == too_much + 1);
    BOOST_TEST(done);
}

BOOST_AUTO_TEST_CASE(a_writer_that_nobody_reads_is_broken_and_says_so_once) {
    mcp::line_writer to(io.get_executor(), pipe.write_end);
    int told = 0;
    to.when_broken([&told] { ++told; });
    bool first = false;
    bool second = false;
    begin(to, std::string(too_much, 'x'), first);
    begin(to, "more", second);
    settle();
    pipe.close_reading();
    settle();
    BOOST_TEST(first);
    BOOST_TEST(second);
    BOOST_TEST(to.broken());
    BOOST_TEST(told == 1);
    BOOST_TEST(!test::run(io, to.write("and more")));
    test::run(io, to.drain(10s));
}

BOOST_AUTO_TEST_CASE(a_cancelled_writer_lets_everybody_go) {
    mcp::line_writer to(io.get_executor(), pipe.write_end);
    bool done = false;
    begin(to, std::string(too_much, 'x'), done);
    settle();
    BOOST_TEST(!done);
    to.cancel();
    settle();
    BOOST_TEST(done);
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_SUITE_END()
