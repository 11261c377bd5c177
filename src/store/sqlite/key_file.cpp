#include "store/sqlite/key_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "base/crypto.hpp"
#include "base/sealer.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t longest_key_file = 4096;
constexpr std::string_view key_purpose = "tollgate store";
constexpr std::string_view key_text = "tollgate";

[[noreturn]] void cannot(std::string const& what, std::string const& path, int error) {
    throw std::runtime_error("store.path: cannot " + what + ' ' + path + ": " +
                             std::generic_category().message(error));
}

}  // namespace

key_file::key_file(std::string const& database_path, bool may_make)
    : path_(database_path + ".key") {
    file_ = open(path_.c_str(), O_RDWR | O_CLOEXEC | (may_make ? O_CREAT : 0), 0600);
    if (file_ < 0 && errno == ENOENT)
        throw std::runtime_error("store.path: " + path_ + " is missing, and what " + database_path +
                                 " keeps sealed cannot be read without it; bring it back, or name "
                                 "another file");
    if (file_ < 0) cannot("open", path_, errno);
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
        auto const error = errno;
        close(file_);
        if (error != EWOULDBLOCK) cannot("lock", path_, error);
        throw std::runtime_error("store.path: " + database_path +
                                 " is in use by another tollgate; end that one first, or give this "
                                 "one a file of its own");
    }
    try {
        secret_ = read();
        if (secret_.empty() && may_make) write();
        if (secret_.empty())
            throw std::runtime_error("store.path: " + path_ +
                                     " is empty; bring a copy of it back, or name another file");
    } catch (...) {
        close(file_);
        throw;
    }
}

key_file::~key_file() {
    close(file_);
}

std::string key_file::read() const {
    std::string text(longest_key_file, '\0');
    auto const length = pread(file_, text.data(), text.size(), 0);
    if (length < 0) cannot("read", path_, errno);
    text.resize(static_cast<std::size_t>(length));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text;
}

// On the disk before anything is sealed with it.
void key_file::write() {
    made_ = true;
    secret_ = random_token();
    auto const text = secret_ + '\n';
    auto const length = pwrite(file_, text.data(), text.size(), 0);
    if (length != static_cast<ssize_t>(text.size())) cannot("write", path_, errno);
    if (fsync(file_) != 0) cannot("write", path_, errno);
}

std::string key_file::check() const {
    return sealer(secret_, key_purpose).seal(key_text, key_purpose);
}

bool key_file::fits(std::string_view check) const {
    return sealer(secret_, key_purpose).open(check, key_purpose) == key_text;
}

void key_file::remove_if_made() noexcept {
    if (made_) unlink(path_.c_str());
}

}  // namespace tollgate::oauth
