// SQLite database: a connection, its prepared statements, and what goes wrong in them.
//
// The one room that throws outside of start-up: a disk fails in the middle of a transaction of many
// statements, all of which are undone. Who begins a transaction catches it and makes a problem.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace tollgate::oauth {

class database_error : public std::runtime_error {
public:
    database_error(int code, std::string const& text) : std::runtime_error(text), code_(code) {}
    int code() const noexcept { return code_; }  // of SQLite, without its extension
    // It would befall every other statement, too: a full or broken disk, a lock, a damaged file.
    bool is_of_the_file() const noexcept;

private:
    int code_;
};

// Used by one thread at a time.
class database {
public:
    // Throws database_error. A file that there is not is not made.
    explicit database(std::string const& path);
    ~database();
    database(database const&) = delete;
    database& operator=(database const&) = delete;

    // Statements without parameters and results.
    void run(char const* sql);
    // Prepared once; `sql` is a literal. In use by one query at a time.
    sqlite3_stmt* prepared(char const* sql);
    bool is_read_only() const noexcept;
    void roll_back() noexcept;  // what has begun, if anything has
    [[noreturn]] void fail(int code) const;

private:
    struct closer {
        void operator()(sqlite3* db) const noexcept;
    };
    struct finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    std::unique_ptr<sqlite3, closer> db_;
    std::unordered_map<char const*, std::unique_ptr<sqlite3_stmt, finalizer>> statements_;
};

// One run of a prepared statement. Its texts are bytes, of which none means anything to SQLite.
// What is bound must outlive it.
class query {
public:
    template <class... Values>
    query(database& db, char const* sql, Values const&... values)
        : db_(db), statement_(db.prepared(sql)) {
        int place = 0;
        (bind(++place, values), ...);
    }
    ~query();
    query(query const&) = delete;
    query& operator=(query const&) = delete;

    // The next row; false: there is none.
    bool next();
    void run() {
        while (next()) {
        }
    }
    std::int64_t integer(int column) const;
    std::string text(int column) const;

private:
    void bind(int place, std::int64_t value);
    void bind(int place, std::string_view bytes);

    database& db_;
    sqlite3_stmt* statement_;
};

}  // namespace tollgate::oauth
