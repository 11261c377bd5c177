// Wire format of Redis (RESP2): commands written, replies read, by hiredis. No sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace tollgate::oauth::redis {

struct reply {
    enum class type { nothing, status, error, integer, text, list };

    reply() = default;

    type is = type::nothing;
    std::int64_t number = 0;   // of an integer
    std::string text;          // of a status, an error or a text
    std::vector<reply> items;  // of a list

    bool is_error() const noexcept { return is == type::error; }
    // Of an error, what kind it is: "MOVED", "OOM"; else empty.
    std::string_view code() const noexcept;
    // The text of an item of a list; empty where there is none.
    std::string_view item(std::size_t n) const noexcept;
};

// "a:1, b" for messages: at most 200 characters of it, printable.
std::string shown(reply const& r);

// A command of so many words, which outlive it. None may be longer than 512 MB.
class command_words {
public:
    explicit command_words(std::size_t count);
    command_words& add(std::string_view word);
    command_words& add(std::vector<std::string> const& words);
    void append_to(std::string& to);

private:
    std::vector<char const*> texts_;
    std::vector<std::size_t> lengths_;
};
// Likewise a whole one.
void append_command(std::string& to, std::vector<std::string> const& words);

// Takes what a connection receives and gives the replies in it.
class reply_reader {
public:
    reply_reader();
    ~reply_reader();
    reply_reader(reply_reader&&) noexcept;
    reply_reader& operator=(reply_reader&&) noexcept;

    // False when memory is short, or what came before was no Redis.
    bool feed(std::string_view bytes);
    // The next whole reply; nothing where more must come, or where it is broken.
    std::optional<reply> next();
    // What came is no reply of Redis: nothing can be read any more.
    bool broken() const noexcept { return broken_; }

private:
    struct end {
        void operator()(redisReader* r) const noexcept;
    };
    std::unique_ptr<redisReader, end> reader_;
    bool broken_ = false;
};

}  // namespace tollgate::oauth::redis
