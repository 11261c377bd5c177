// Both ends of a pipe, in the hands of a test.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <boost/test/unit_test.hpp>

namespace test {

struct held_pipe {
    int read_end = -1;
    int write_end = -1;

    held_pipe() {
        int both[2];
        BOOST_REQUIRE(::pipe2(both, O_CLOEXEC) == 0);
        read_end = both[0];
        write_end = both[1];
    }
    ~held_pipe() {
        close_reading();
        close_writing();
    }
    held_pipe(held_pipe const&) = delete;
    held_pipe& operator=(held_pipe const&) = delete;

    void close_reading() { close(read_end); }
    void close_writing() { close(write_end); }
    // As much as the pipe takes: a few bytes always.
    void put(std::string_view text) const {
        BOOST_REQUIRE(::write(write_end, text.data(), text.size()) == ssize_t(text.size()));
    }
    // What has come; never waits.
    std::string take() const {
        auto const flags = ::fcntl(read_end, F_GETFL);
        ::fcntl(read_end, F_SETFL, flags | O_NONBLOCK);
        std::string all;
        std::array<char, 4096> piece;
        for (;;) {
            auto const n = ::read(read_end, piece.data(), piece.size());
            if (n <= 0) break;
            all.append(piece.data(), static_cast<std::size_t>(n));
        }
        ::fcntl(read_end, F_SETFL, flags);
        return all;
    }

private:
    static void close(int& end) {
        if (end >= 0) ::close(std::exchange(end, -1));
    }
};

}  // namespace test
