// Key file: the secret that seals what must not stand in a store, and, where the store is a file of
// this machine, the lock that keeps a second process out.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::oauth {

struct key_place {
    std::string path;
    std::string setting = "store.path";  // what messages begin with
    std::string seals;                   // the store, as messages call it
    std::string instead = "name another file";
    bool locks = true;  // one process at a time
};

// Holds the lock for as long as it lives; the lock of a process that was killed is free at once.
class key_file {
public:
    // Throws std::runtime_error with a sentence where another process has it, or it cannot be read,
    // or made. One that there is not is made where `may_make` says so.
    key_file(key_place where, bool may_make);
    ~key_file();
    key_file(key_file const&) = delete;
    key_file& operator=(key_file const&) = delete;

    std::string const& secret() const noexcept { return secret_; }
    std::string const& path() const noexcept { return where_.path; }
    // What only the same secret makes out to be right (fits). Tells nothing of it.
    std::string check() const;
    bool fits(std::string_view check) const;
    // It was made just now, for a store that there is not to be.
    void remove_if_made() noexcept;

private:
    std::string read() const;
    void write();

    [[noreturn]] void cannot(std::string const& what, int error) const;
    [[noreturn]] void refuse(std::string const& why) const;
    void lock();

    key_place const where_;
    int file_ = -1;
    bool made_ = false;
    std::string secret_;
};

// The file is there and has the secret that made `check`.
bool check_of_key_fits(std::string const& path, std::string_view check);

}  // namespace tollgate::oauth
