#include "store/key_file.hpp"

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

}  // namespace

void key_file::refuse(std::string const& why) const {
    throw std::runtime_error(where_.setting + ": " + why);
}

void key_file::cannot(std::string const& what, int error) const {
    refuse("cannot " + what + ' ' + where_.path + ": " + std::generic_category().message(error));
}

void key_file::lock() {
    if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    if (errno != EWOULDBLOCK) cannot("lock", errno);
    refuse(
        where_.seals +
        " is in use by another tollgate; end that one first, or give this one a file of its own");
}

key_file::key_file(key_place where, bool may_make) : where_(std::move(where)) {
    file_ = open(where_.path.c_str(), O_RDWR | O_CLOEXEC | (may_make ? O_CREAT : 0), 0600);
    if (file_ < 0 && errno == ENOENT && !may_make)
        refuse(where_.path + " is missing, and what " + where_.seals +
               " keeps sealed cannot be read without it; bring it back, or " + where_.instead);
    if (file_ < 0) cannot("open", errno);
    try {
        if (where_.locks) lock();
        secret_ = read();
        if (secret_.empty() && may_make) write();
        if (secret_.empty())
            refuse(where_.path + " is empty; bring a copy of it back, or " + where_.instead);
    } catch (...) {
        remove_if_made();
        close(file_);
        throw;
    }
}

key_file::~key_file() {
    close(file_);
}

std::string key_file::read() const {
    std::string text(longest_key_file + 1, '\0');
    auto const length = pread(file_, text.data(), text.size(), 0);
    if (length < 0) cannot("read", errno);
    text.resize(static_cast<std::size_t>(length));
    // Two that differ behind that would be one key.
    if (text.size() > longest_key_file)
        refuse(where_.path + " is longer than " + std::to_string(longest_key_file) +
               " bytes and no key; bring the right one, or " + where_.instead);
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
    if (length != static_cast<ssize_t>(text.size())) cannot("write", errno);
    if (fsync(file_) != 0) cannot("write", errno);
}

std::string key_file::check() const {
    return sealer(secret_, key_purpose).seal(key_text, key_purpose);
}

bool key_file::fits(std::string_view check) const {
    return sealer(secret_, key_purpose).open(check, key_purpose) == key_text;
}

bool check_of_key_fits(std::string const& path, std::string_view check) {
    if (access(path.c_str(), R_OK) != 0) return false;
    key_place where;
    where.path = path;
    where.locks = false;
    try {
        return key_file(std::move(where), false).fits(check);
    } catch (std::runtime_error const&) {
        return false;  // a folder, or nothing in it
    }
}

void key_file::remove_if_made() noexcept {
    if (made_) unlink(where_.path.c_str());
}

}  // namespace tollgate::oauth
