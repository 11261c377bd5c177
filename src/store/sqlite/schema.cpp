#include "store/sqlite/schema.hpp"

#include <array>
#include <charconv>
#include <stdexcept>
#include <system_error>

#include <sqlite3.h>

namespace tollgate::oauth {

namespace {

// PRAGMA application_id: what tells our files from those of other programs ("tgat").
constexpr std::int64_t application_id = 0x74676174;

// Their number becomes a part of versions (sqlite_store.cpp), and nobody starts that often.
constexpr std::uint64_t most_starts = 1 << 20;

// Each brings the schema one version up: from an empty file, from 1, … None of them ever changes
// once a release has had it.
constexpr std::array<char const*, 1> steps{
    // `expires` and `until` are nanoseconds since 1970, the largest number never; `kind` is a
    // number
    // of store.hpp; `others` says each further group with its length (records.cpp).
    R"sql(
CREATE TABLE record (
    realm BLOB NOT NULL, kind INTEGER NOT NULL, key BLOB NOT NULL,
    body BLOB NOT NULL, family BLOB NOT NULL, others BLOB NOT NULL,
    expires INTEGER NOT NULL, version INTEGER NOT NULL, redeemed INTEGER NOT NULL,
    PRIMARY KEY (realm, kind, key)
) WITHOUT ROWID;
CREATE INDEX due ON record (realm, expires) WHERE expires < 9223372036854775807;
CREATE TABLE member (
    realm BLOB NOT NULL, name BLOB NOT NULL, kind INTEGER NOT NULL, key BLOB NOT NULL,
    PRIMARY KEY (realm, name, kind, key)
) WITHOUT ROWID;
CREATE TABLE dead_group (
    realm BLOB NOT NULL, name BLOB NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (realm, name)
) WITHOUT ROWID;
CREATE INDEX buried ON dead_group (until);
CREATE TABLE note (name BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
)sql"};

std::int64_t number_of(database& db, char const* pragma) {
    query asked(db, pragma);
    return asked.next() ? asked.integer(0) : 0;
}

[[noreturn]] void refuse(std::string const& path, std::string const& why) {
    throw std::runtime_error("store.path: " + path + ' ' + why);
}

// What SQLite finds wrong with the file; empty: nothing.
std::string damage_of(database& db) {
    query asked(db, "PRAGMA quick_check(1)");
    auto found = asked.next() ? asked.text(0) : std::string();
    return found == "ok" ? std::string() : found;
}

}  // namespace

std::int64_t schema_version() {
    return static_cast<std::int64_t>(steps.size());
}

bool is_empty_database(database& db, std::string const& path) {
    try {
        auto const tables = number_of(db, "SELECT count(*) FROM sqlite_schema");
        auto const owner = number_of(db, "PRAGMA application_id");
        auto const version = number_of(db, "PRAGMA user_version");
        if (tables == 0 && owner == 0 && version == 0) return true;
        if (owner != application_id)
            refuse(path, "is an SQLite database of another program; name a file of its own");
        if (version > schema_version())
            refuse(path, "was written by a later tollgate (schema " + std::to_string(version) +
                             ", and this one knows " + std::to_string(schema_version()) +
                             "); use that one, or name another file");
        if (auto const damage = damage_of(db); !damage.empty())
            refuse(path, "is damaged (" + damage +
                             "); bring a copy of it back, or name another "
                             "file");
        return false;
    } catch (database_error const& e) {
        if (e.code() == SQLITE_NOTADB) refuse(path, "is no SQLite database; name another file");
        if (e.code() == SQLITE_CORRUPT)
            refuse(path, "is damaged; bring a copy of it back, or name another file");
        throw;
    }
}

void migrate(database& db, std::string_view key_check) {
    auto const from = number_of(db, "PRAGMA user_version");
    if (from == schema_version()) return;
    db.run("BEGIN IMMEDIATE");
    for (auto i = static_cast<std::size_t>(from); i < steps.size(); ++i)
        db.run(steps[i]);
    // Tables without it would be nobody's: whoever made them may have taken its key away again.
    if (from == 0) write_note(db, note_of_key, key_check);
    db.run(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
    db.run(("PRAGMA user_version = " + std::to_string(schema_version())).c_str());
    db.run("COMMIT");
}

std::uint64_t count_start(database& db, std::string const& path) {
    db.run("BEGIN IMMEDIATE");
    auto const before = read_note(db, "starts");
    std::uint64_t starts = 0;
    auto const* end = before.data() + before.size();
    auto const read = std::from_chars(before.data(), end, starts);
    bool const good = read.ec == std::errc() && read.ptr == end && starts < most_starts;
    if (!before.empty() && !good)
        refuse(path,
               "is damaged (how often it was opened cannot be read); bring a copy of it back, or "
               "name another file");
    ++starts;
    write_note(db, "starts", std::to_string(starts));
    db.run("COMMIT");
    return starts;
}

std::string read_note(database& db, std::string_view name) {
    query asked(db, "SELECT value FROM note WHERE name = ?1", name);
    return asked.next() ? asked.text(0) : std::string();
}

void write_note(database& db, std::string_view name, std::string_view value) {
    query(db, "INSERT OR REPLACE INTO note (name, value) VALUES (?1, ?2)", name, value).run();
}

}  // namespace tollgate::oauth
