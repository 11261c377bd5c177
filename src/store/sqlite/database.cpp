#include "store/sqlite/database.hpp"

#include <sqlite3.h>

namespace tollgate::oauth {

namespace {

// Whoever else has the file open (a person with the sqlite3 shell) gets so long to let go of it.
constexpr int patience_in_milliseconds = 3000;

}  // namespace

bool database_error::is_of_the_file() const noexcept {
    return code_ != SQLITE_CONSTRAINT && code_ != SQLITE_TOOBIG && code_ != SQLITE_MISMATCH &&
           code_ != SQLITE_ERROR && code_ != SQLITE_RANGE;
}

void database::closer::operator()(sqlite3* db) const noexcept {
    sqlite3_close_v2(db);
}

void database::finalizer::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

database::database(std::string const& path) {
    sqlite3* raw = nullptr;
    // No mutex: each connection is used by one thread at a time.
    auto const code =
        sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    db_.reset(raw);
    if (code != SQLITE_OK) fail(code);
    sqlite3_busy_timeout(raw, patience_in_milliseconds);
}

database::~database() = default;

void database::fail(int code) const {
    // Without a handle there was no memory for one.
    auto const* text = db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code);
    throw database_error(code & 0xff, text);
}

void database::run(char const* sql) {
    auto const code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

sqlite3_stmt* database::prepared(char const* sql) {
    auto& kept = statements_[sql];
    if (kept) return kept.get();
    sqlite3_stmt* made = nullptr;
    auto const code =
        sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) fail(code);
    kept.reset(made);
    return made;
}

bool database::is_read_only() const noexcept {
    return sqlite3_db_readonly(db_.get(), "main") == 1;
}

void database::roll_back() noexcept {
    // Some failures have rolled back already.
    if (sqlite3_get_autocommit(db_.get()) == 0)
        sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

query::~query() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void query::bind(int place, std::int64_t value) {
    auto const code = sqlite3_bind_int64(statement_, place, value);
    if (code != SQLITE_OK) db_.fail(code);
}

void query::bind(int place, std::string_view bytes) {
    // A null pointer would bind NULL and no empty text.
    auto const* data = bytes.data() ? bytes.data() : "";
    auto const code = sqlite3_bind_blob64(statement_, place, data, bytes.size(), nullptr);
    if (code != SQLITE_OK) db_.fail(code);
}

bool query::next() {
    auto const code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) db_.fail(code);
    return false;
}

std::int64_t query::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string query::text(int column) const {
    auto const* data = static_cast<char const*>(sqlite3_column_blob(statement_, column));
    auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data ? std::string(data, size) : std::string();
}

}  // namespace tollgate::oauth
