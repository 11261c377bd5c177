// Schema of the database: whose it is, its tables, and how one of an earlier version becomes one of
// this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/sqlite/database.hpp"

namespace tollgate::oauth {

// What this program reads and writes. One more with every step in schema.cpp.
std::int64_t schema_version();

// True: it has no tables at all. Throws std::runtime_error with a sentence about `path` where it is
// no database, one of another program or of a later version, or damaged.
bool is_empty_database(database& db, std::string const& path);

// The note of what only the right key makes out to be right (key_file.hpp).
inline constexpr std::string_view note_of_key = "key";

// Makes the tables, and that note with them; or brings the tables of an earlier version up. All or
// none.
void migrate(database& db, std::string_view key_check);

// One more start of a program on this file; its number, from 1 on. Throws as is_empty_database.
std::uint64_t count_start(database& db, std::string const& path);

// Of what the file itself remembers: empty where there is none.
std::string read_note(database& db, std::string_view name);
void write_note(database& db, std::string_view name, std::string_view value);

}  // namespace tollgate::oauth
