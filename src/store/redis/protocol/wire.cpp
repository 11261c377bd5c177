#include "store/redis/protocol/wire.hpp"

#include <cstdlib>
#include <new>

#include <hiredis/hiredis.h>

#include "base/text.hpp"

namespace tollgate::oauth::redis {

namespace {

reply taken_from(redisReply const& r) {
    reply made;
    switch (r.type) {
        case REDIS_REPLY_STRING:
            made.is = reply::type::text;
            break;
        case REDIS_REPLY_STATUS:
            made.is = reply::type::status;
            break;
        case REDIS_REPLY_ERROR:
            made.is = reply::type::error;
            break;
        case REDIS_REPLY_ARRAY:
            made.is = reply::type::list;
            break;
        case REDIS_REPLY_INTEGER:
            made.is = reply::type::integer;
            made.number = r.integer;
            return made;
        default:
            return made;
    }
    if (made.is != reply::type::list) {
        made.text.assign(r.str, r.len);
        return made;
    }
    // Never deeper than hiredis reads: seven lists.
    made.items.reserve(r.elements);
    for (std::size_t i = 0; i < r.elements; ++i)
        made.items.push_back(taken_from(*r.element[i]));
    return made;
}

}  // namespace

std::string_view reply::code() const noexcept {
    if (!is_error()) return {};
    std::string_view const all = text;
    return all.substr(0, all.find(' '));
}

std::string_view reply::item(std::size_t n) const noexcept {
    return n < items.size() ? std::string_view(items[n].text) : std::string_view();
}

std::string shown(reply const& r) {
    if (r.is == reply::type::integer) return std::to_string(r.number);
    if (r.is != reply::type::list) return printable(r.text);
    std::string all;
    for (auto const& item : r.items) {
        if (all.size() > 200) break;
        all += (all.empty() ? "" : ", ") + shown(item);
    }
    return printable(all);
}

command_words::command_words(std::size_t count) {
    texts_.reserve(count);
    lengths_.reserve(count);
}

command_words& command_words::add(std::string_view word) {
    texts_.push_back(word.data());
    lengths_.push_back(word.size());
    return *this;
}

command_words& command_words::add(std::vector<std::string> const& words) {
    for (auto const& word : words)
        add(word);
    return *this;
}

void command_words::append_to(std::string& to) {
    char* made = nullptr;
    auto const length = redisFormatCommandArgv(&made, static_cast<int>(texts_.size()),
                                               texts_.data(), lengths_.data());
    if (length < 0) throw std::bad_alloc();
    to.append(made, static_cast<std::size_t>(length));
    redisFreeCommand(made);
}

void append_command(std::string& to, std::vector<std::string> const& words) {
    command_words(words.size()).add(words).append_to(to);
}

void reply_reader::end::operator()(redisReader* r) const noexcept {
    redisReaderFree(r);
}

reply_reader::reply_reader() : reader_(redisReaderCreate()) {
    if (!reader_) throw std::bad_alloc();
}

reply_reader::~reply_reader() = default;
reply_reader::reply_reader(reply_reader&&) noexcept = default;
reply_reader& reply_reader::operator=(reply_reader&&) noexcept = default;

bool reply_reader::feed(std::string_view bytes) {
    if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) broken_ = true;
    return !broken_;
}

std::optional<reply> reply_reader::next() {
    void* found = nullptr;
    if (broken_ || redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
        broken_ = true;
        return std::nullopt;
    }
    if (found == nullptr) return std::nullopt;
    std::unique_ptr<void, decltype(&freeReplyObject)> const held(found, &freeReplyObject);
    return taken_from(*static_cast<redisReply const*>(found));
}

}  // namespace tollgate::oauth::redis
