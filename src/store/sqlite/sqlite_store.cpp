#include "store/sqlite/sqlite_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "store/key_file.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/writer.hpp"

namespace tollgate::oauth {

namespace {

// Versions of one start; those of the next ones begin above them, so that none comes twice.
constexpr unsigned bits_of_versions = 40;

[[noreturn]] void refuse_path(std::string const& path, std::string const& why) {
    throw std::runtime_error("store.path: " + path + ' ' + why);
}

class sqlite_store final : public store {
public:
    sqlite_store(std::unique_ptr<key_file> key, std::string const& path, bool full_sync,
                 std::uint64_t starts, tollgate::clock const& time)
        : key_(std::move(key)),
          clock_(time),
          readers_(path),
          writer_(path, full_sync, time, times_, starts << bits_of_versions) {}

    task<outcome<void>> put(std::string_view realm, kind k, std::string_view key,
                            record r) override {
        realm_records one;
        one.push_back(kept_record{k, std::string(key), std::move(r)});
        co_return co_await put_all(realm, std::move(one));
    }
    task<outcome<void>> put_all(std::string_view realm, realm_records all) override {
        change<void> what = [realm = std::string(realm), all = std::move(all)](record_writer& in,
                                                                               time_point now) {
            return in.put_all(realm, all, now);
        };
        co_return co_await writer_.run(std::move(what));
    }
    // At once: what is asked for lies in memory but for the first time.
    task<outcome<record>> get(std::string_view realm, kind k, std::string_view key) override {
        co_return readers_.look<record>([&](database& db) -> outcome<record> {
            auto found = find_record(db, realm, k, key);
            if (!found || found->expires_at <= now(realm)) return no_such_record();
            return std::move(*found);
        });
    }
    task<outcome<taken>> redeem(std::string_view realm, kind k, std::string_view key) override {
        change<taken> what = [realm = std::string(realm), k, key = std::string(key)](
                                 record_writer& in, time_point now) {
            return in.redeem(realm, k, key, now);
        };
        co_return co_await writer_.run(std::move(what));
    }
    task<outcome<void>> replace(std::string_view realm, kind k, std::string_view key, record r,
                                std::uint64_t version) override {
        change<void> what = [realm = std::string(realm), k, key = std::string(key),
                             r = std::move(r), version](record_writer& in, time_point now) {
            return in.replace(realm, k, key, r, version, now);
        };
        co_return co_await writer_.run(std::move(what));
    }
    task<outcome<void>> erase(std::string_view realm, kind k, std::string_view key) override {
        change<void> what = [realm = std::string(realm), k, key = std::string(key)](
                                record_writer& in, time_point) {
            in.erase(realm, k, key);
            return outcome<void>();
        };
        co_return co_await writer_.run(std::move(what));
    }
    task<outcome<std::size_t>> erase_group(std::string_view realm,
                                           std::string_view group) override {
        if (group.empty()) co_return std::size_t(0);
        change<std::size_t> what = [realm = std::string(realm), group = std::string(group)](
                                       record_writer& in, time_point now) {
            return outcome<std::size_t>(in.erase_group(realm, group, now));
        };
        co_return co_await writer_.run(std::move(what));
    }
    task<outcome<std::size_t>> erase_kinds(std::string_view realm,
                                           std::vector<kind> kinds) override {
        change<std::size_t> what = [realm = std::string(realm), kinds = std::move(kinds)](
                                       record_writer& in, time_point now) {
            return outcome<std::size_t>(in.erase_kinds(realm, kinds, now));
        };
        co_return co_await writer_.run(std::move(what));
    }
    task<outcome<key_page>> page(std::string_view realm, kind k, std::string_view from) override {
        auto look = [this, realm = std::string(realm), k,
                     from = std::string(from)](database& db) -> outcome<key_page> {
            return page_of(db, realm, k, now(realm), from);
        };
        co_return co_await readers_.look_long<key_page>(std::move(look));
    }
    task<outcome<std::size_t>> count(std::string_view realm, kind k) override {
        auto look = [this, realm = std::string(realm), k](database& db) -> outcome<std::size_t> {
            return count_of(db, realm, k, now(realm));
        };
        co_return co_await readers_.look_long<std::size_t>(std::move(look));
    }
    task<outcome<realm_records>> copy(std::string_view realm) override {
        auto look = [realm = std::string(realm)](database& db) -> outcome<realm_records> {
            return all_of(db, realm);
        };
        co_return co_await readers_.look_long<realm_records>(std::move(look));
    }
    task<outcome<std::vector<std::string>>> realms() override {
        auto look = [](database& db) -> outcome<std::vector<std::string>> { return realms_of(db); };
        co_return co_await readers_.look_long<std::vector<std::string>>(std::move(look));
    }
    task<outcome<void>> replace_all(std::string_view realm, realm_records all) override {
        change<void> what = [realm = std::string(realm), all = std::move(all)](record_writer& in,
                                                                               time_point) {
            in.replace_all(realm, all);
            return outcome<void>();
        };
        co_return co_await writer_.run(std::move(what));
    }
    void keep_time(std::string_view realm, std::shared_ptr<time_shift const> by) override {
        times_.keep(realm, std::move(by));
    }
    time_point now(std::string_view realm) const override { return times_.at(realm, clock_.now()); }
    bool is_durable() const noexcept override { return true; }

private:
    std::unique_ptr<key_file> key_;  // the lock: goes last
    tollgate::clock const& clock_;
    realm_times times_;
    readers readers_;
    writer writer_;
};

// False: there is none, and one may be made there.
bool is_there(std::string const& path, bool may_make) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    auto const folder = fs::path(path).parent_path();
    if (fs::is_directory(path, ignored)) refuse_path(path, "is a folder; name a file");
    if (!fs::is_directory(folder, ignored))
        refuse_path(path, "cannot be there: the folder " + folder.string() +
                              " does not exist; make it, or name another file");
    bool const there = fs::exists(path, ignored);
    if (!there && !may_make) refuse_path(path, "does not exist");
    if (access(folder.c_str(), W_OK | X_OK) != 0)
        refuse_path(path, "cannot be written: this user may not write to the folder " +
                              folder.string() + ", where files of the database come and go");
    if (there && access(path.c_str(), R_OK | W_OK) != 0)
        refuse_path(path, "cannot be read and written by this user");
    bool const filled = there && fs::file_size(path, ignored) != 0;
    if (!filled && !may_make) refuse_path(path, "is empty: there are no records in it");
    return filled;
}

// Nobody else may read it: SQLite gives the files beside it the same rights.
void make_file(std::string const& path) {
    auto const file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) refuse_path(path, "cannot be made: " + std::generic_category().message(errno));
    close(file);
}

// The database was sealed with that key and no other.
void check_key(database& db, key_file const& key, std::string const& path) {
    auto const sealed = read_note(db, note_of_key);
    if (sealed.empty()) return write_note(db, note_of_key, key.check());
    if (!key.fits(sealed))
        refuse_path(path, "was sealed with another key than that in " + key.path() +
                              "; bring the right one back, or name another file");
}

void keep_log_ahead(database& db, std::string const& path) {
    query mode(db, "PRAGMA journal_mode = WAL");
    if (!mode.next() || mode.text(0) != "wal")
        refuse_path(path,
                    "is on a file system without what SQLite needs for its write-ahead log; "
                    "name a file on a local disk");
}

// With its tables. Nothing is made where not all of it can be: a key whose tables there are not
// goes again.
std::unique_ptr<database> open_with_tables(std::string const& path, key_file& key) {
    try {
        make_file(path);
        auto db = std::make_unique<database>(path);
        if (db->is_read_only()) refuse_path(path, "cannot be written: it is read-only");
        keep_log_ahead(*db, path);
        migrate(*db, key.check());
        return db;
    } catch (...) {
        key.remove_if_made();
        throw;
    }
}

// By one name, however it is reached: its key, which is its lock, stands beside the file itself,
// also where a link leads to a file that is not there yet.
std::string real_path(std::string const& path) {
    namespace fs = std::filesystem;
    constexpr int most_links = 40;  // as Linux follows
    std::error_code failed;
    auto at = fs::absolute(path, failed);
    for (int links = 0; links < most_links && fs::is_symlink(at, failed); ++links) {
        auto const next = fs::read_symlink(at, failed);
        if (failed) return path;
        at = at.parent_path() / next;
    }
    auto const real = fs::weakly_canonical(at, failed);
    return failed ? path : real.string();
}

// No tables, or tables that were never sealed with a key.
bool needs_key(database& db, std::string const& path) {
    return is_empty_database(db, path) || read_note(db, note_of_key).empty();
}

// The key of a file that is there, or is to be made.
std::unique_ptr<key_file> lock_file(sqlite_options const& o) {
    bool empty = true;
    if (is_there(o.path, o.may_make)) {
        database db(o.path);
        empty = needs_key(db, o.path);
        if (empty && !o.may_make) refuse_path(o.path, "is empty: there are no records in it");
    }
    key_place where;
    where.path = o.path + ".key";
    where.seals = o.path;
    return std::make_unique<key_file>(std::move(where), empty);
}

// Its number of starts.
std::uint64_t make_ready(std::string const& path, key_file& key) {
    auto const db = open_with_tables(path, key);
    check_key(*db, key, path);
    return count_start(*db, path);
}

void fill(database& db, std::string const& path, taken_out const& all) {
    realm_times const times;
    record_writer records(db, times, count_start(db, path) << bits_of_versions);
    db.run("BEGIN IMMEDIATE");
    for (auto const& [realm, its] : all.realms)
        records.replace_all(realm, its);
    db.run("COMMIT");
}

}  // namespace

opened_store open_sqlite_store(sqlite_options o, tollgate::clock const& time) {
    try {
        o.path = real_path(o.path);
        auto key = lock_file(o);
        auto const starts = make_ready(o.path, *key);
        opened_store opened;
        opened.is_new = starts == 1;
        opened.secret = key->secret();
        opened.key_check = key->check();
        opened.store =
            std::make_unique<sqlite_store>(std::move(key), o.path, o.full_sync, starts, time);
        return opened;
    } catch (database_error const& e) {
        refuse_path(o.path, std::string("cannot be used: ") + e.what());
    }
}

void fill_sqlite_store(sqlite_options o, taken_out const& all) {
    try {
        o.path = real_path(o.path);
        // A key of its own would open nothing of what is brought.
        if (!std::filesystem::exists(o.path + ".key"))
            refuse_path(o.path,
                        "needs its key first: copy the file that stood beside the other "
                        "store, and ends in .key, to " +
                            o.path + ".key");
        auto const key = lock_file(o);
        if (!key->fits(all.key_check))
            refuse_path(key->path(),
                        "is not the key of the store that the records came from; copy "
                        "that one here");
        make_ready(o.path, *key);
        database db(o.path);
        if (!realms_of(db).empty())
            refuse_path(o.path, "has records already; name a file that is not there yet");
        fill(db, o.path, all);
    } catch (database_error const& e) {
        refuse_path(o.path, std::string("cannot be written: ") + e.what());
    }
}

}  // namespace tollgate::oauth
