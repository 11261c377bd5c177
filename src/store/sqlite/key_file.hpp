// Key file beside a database (PATH.key): the secret that seals what must not stand in it, and the
// lock that keeps a second process out.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::oauth {

// Holds the lock for as long as it lives; the lock of a process that was killed is free at once.
class key_file {
public:
    // Throws std::runtime_error with a sentence where another process has it, or it cannot be read,
    // or made. One that there is not is made where `may_make` says so.
    key_file(std::string const& database_path, bool may_make);
    ~key_file();
    key_file(key_file const&) = delete;
    key_file& operator=(key_file const&) = delete;

    std::string const& secret() const noexcept { return secret_; }
    std::string const& path() const noexcept { return path_; }
    // What only the same secret makes out to be right (fits). Tells nothing of it.
    std::string check() const;
    bool fits(std::string_view check) const;
    // It was made just now, for a database that there is not to be.
    void remove_if_made() noexcept;

private:
    std::string read() const;
    void write();

    std::string path_;
    int file_ = -1;
    bool made_ = false;
    std::string secret_;
};

}  // namespace tollgate::oauth
