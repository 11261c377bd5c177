// Files that the store refuses to open, each with a sentence that says why.
#include <unistd.h>

#include <fstream>
#include <optional>

#include <sqlite3.h>

#include "store/store_bench.hpp"

using namespace test::stores;
namespace fs = std::filesystem;

namespace {

struct place {
    test::folder folder;
    manual_clock time;
    std::string const path = (folder.path() / "store.db").string();

    std::unique_ptr<store> open() { return open_sqlite_store({path}, time).store; }
    // What it says instead of opening; empty: it opens.
    std::string refusal(std::string const& file) {
        try {
            open_sqlite_store({file}, time);
            return {};
        } catch (std::runtime_error const& e) {
            return e.what();
        }
    }
    std::string refusal() { return refusal(path); }
    void write(std::string const& text) { std::ofstream(path, std::ios::binary) << text; }
    void run(char const* sql) {
        sqlite3* db = nullptr;
        BOOST_REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
        BOOST_REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(db);
    }
    // Every page but the first.
    void damage() {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        auto const size = fs::file_size(path);
        for (std::size_t at = 4096; at < size; at += 64) {
            file.seekp(static_cast<std::streamoff>(at));
            file << "damaged, and not a page of a database any more";
        }
    }
};

bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

boost::test_tools::assertion_result something_may_be_denied(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result may(::getuid() != 0);
    may.message() << "root may read and write everything";
    return may;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_opening, place)

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_in_use) {
    auto const first = open();
    auto const why = refusal();
    BOOST_TEST(contains(why, path), why);
    BOOST_TEST(contains(why, "is in use by another tollgate"), why);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_in_use_by_another_name) {
    auto const first = open();
    auto const other = (folder.path() / "other.db").string();
    fs::create_symlink(path, other);
    BOOST_TEST(contains(refusal(other), "is in use by another tollgate"));
}

// The key stands beside the file, and not beside the link that it was first reached by.
BOOST_AUTO_TEST_CASE(opens_a_file_again_that_was_made_through_a_link) {
    auto const real = folder.path() / "real";
    fs::create_directory(real);
    fs::create_symlink(real / "store.db", path);
    fs::create_symlink("real/other.db", folder.path() / "relative");
    fs::create_symlink("relative", folder.path() / "twice");
    for (auto const& name : {path, (folder.path() / "twice").string()}) {
        BOOST_TEST(refusal(name) == "");
        BOOST_TEST(refusal(name) == "");
    }
    BOOST_TEST(fs::exists(real / "store.db.key"));
    BOOST_TEST(fs::exists(real / "other.db.key"));
    BOOST_TEST(!fs::exists(path + ".key"));
}

BOOST_AUTO_TEST_CASE(refuses_links_that_lead_nowhere) {
    fs::create_symlink(path, folder.path() / "other");
    fs::create_symlink(folder.path() / "other", path);
    BOOST_TEST(contains(refusal(), "cannot be made"));
}

BOOST_AUTO_TEST_CASE(fills_a_file_through_a_link_where_the_key_is_beside_the_file) {
    taken_out all;
    all.key_check = open_sqlite_store({path}, time).key_check;
    all.realms.push_back({"r", {kept(kind::client, "c", text("x"))}});
    auto const real = folder.path() / "real";
    fs::create_directory(real);
    fs::copy_file(path + ".key", real / "new.db.key");
    auto const link = (folder.path() / "link.db").string();
    fs::create_symlink(real / "new.db", link);
    fill_sqlite_store({link}, all);
    auto const s = open_sqlite_store({(real / "new.db").string()}, time).store;
    BOOST_TEST(now(s->copy("r"))->size() == 1u);
}

BOOST_AUTO_TEST_CASE(tells_the_first_program_that_it_is_the_first) {
    BOOST_TEST(open_sqlite_store({path}, time).is_new);
    BOOST_TEST(!open_sqlite_store({path}, time).is_new);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_whose_number_of_starts_is_damaged) {
    open();
    // The name is "starts", in bytes.
    run("UPDATE note SET value = x'616263' WHERE name = x'737461727473'");
    BOOST_TEST(contains(refusal(), "is damaged"));
    run("UPDATE note SET value = CAST('99999999999999999999999' AS BLOB) "
        "WHERE name = x'737461727473'");
    BOOST_TEST(contains(refusal(), "is damaged"));
}

BOOST_AUTO_TEST_CASE(makes_a_key_for_tables_that_were_never_sealed) {
    open();
    run("DELETE FROM note WHERE name = x'6b6579'");  // "key"
    fs::remove(path + ".key");
    BOOST_TEST(refusal() == "");
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(makes_a_file_by_a_name_without_a_folder) {
    auto const before = fs::current_path();
    fs::current_path(folder.path());
    auto const why = refusal("here.db");
    fs::current_path(before);
    BOOST_TEST(why == "");
    BOOST_TEST(fs::exists(folder.path() / "here.db.key"));
}

BOOST_AUTO_TEST_CASE(opens_a_file_again_that_is_free) {
    open();
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_that_there_is_not) {
    auto const why = refusal((folder.path() / "no" / "store.db").string());
    BOOST_TEST(contains(why, "does not exist; make it"), why);
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_for_a_file) {
    BOOST_TEST(contains(refusal(folder.path().string()), "is a folder; name a file"));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_database) {
    write(
        "A letter to a friend, which is long enough to be taken for the head of a database file: "
        "a hundred bytes of it are read before anybody can tell.");
    BOOST_TEST(contains(refusal(), "is no SQLite database"));
    // A stranger's file stays as it is, and gets no companions.
    BOOST_TEST(!fs::exists(path + ".key"));
}

BOOST_AUTO_TEST_CASE(refuses_the_database_of_another_program) {
    run("CREATE TABLE songs (title TEXT)");
    BOOST_TEST(contains(refusal(), "is an SQLite database of another program"));
    BOOST_TEST(!fs::exists(path + ".key"));
}

BOOST_AUTO_TEST_CASE(refuses_what_a_later_version_wrote) {
    open();
    run("PRAGMA user_version = 99");
    auto const why = refusal();
    BOOST_TEST(contains(why, "was written by a later tollgate (schema 99"), why);
}

BOOST_AUTO_TEST_CASE(refuses_a_damaged_file) {
    {
        auto const s = open();
        for (int i = 0; i < 200; ++i)
            now(s->put("r", kind::client, std::to_string(i), text(std::string(200, 'x')))).value();
    }
    damage();
    BOOST_TEST(contains(refusal(), "is damaged"));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_whose_key_is_lost) {
    open();
    fs::remove(path + ".key");
    auto const why = refusal();
    BOOST_TEST(contains(why, "store.db.key is missing"), why);
    BOOST_TEST(!fs::exists(path + ".key"));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_whose_key_is_another_one) {
    open();
    std::ofstream(path + ".key") << "another-key-that-was-never-used-for-this-file\n";
    BOOST_TEST(contains(refusal(), "was sealed with another key"));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_whose_key_is_empty) {
    open();
    std::ofstream(path + ".key", std::ios::trunc) << "";
    BOOST_TEST(contains(refusal(), "is empty"));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_may_not_be_written,
                     *boost::unit_test::precondition(&something_may_be_denied)) {
    open();
    fs::permissions(path, fs::perms::owner_read);
    BOOST_TEST(contains(refusal(), "cannot be read and written by this user"));
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_where_no_file_can_be_made) {
    auto const why = refusal("/proc/self/store.db");
    BOOST_TEST(contains(why, "store.path: "), why);
    BOOST_TEST(contains(why, "/store.db"), why);
}

BOOST_AUTO_TEST_CASE(fills_an_empty_file) {
    write("");
    BOOST_TEST(refusal() == "");
}

// What a program that was killed in the middle of its first start leaves.
BOOST_AUTO_TEST_CASE(goes_on_from_a_key_without_a_database) {
    std::string secret;
    {
        auto const opened = open_sqlite_store({path}, time);
        secret = opened.secret;
    }
    fs::remove(path);
    BOOST_TEST(open_sqlite_store({path}, time).secret == secret);
}

BOOST_AUTO_TEST_CASE(makes_no_file_where_none_is_to_be_made) {
    sqlite_options o{path};
    o.may_make = false;
    BOOST_CHECK_EXCEPTION(open_sqlite_store(o, time), std::runtime_error,
                          [](auto const& e) { return contains(e.what(), "does not exist"); });
    BOOST_TEST(!fs::exists(path));
    BOOST_TEST(!fs::exists(path + ".key"));
}

BOOST_AUTO_TEST_CASE(makes_nothing_of_an_empty_file_where_none_is_to_be_made) {
    write("");
    sqlite_options o{path};
    o.may_make = false;
    BOOST_CHECK_EXCEPTION(open_sqlite_store(o, time), std::runtime_error,
                          [](auto const& e) { return contains(e.what(), "is empty"); });
    BOOST_TEST(fs::file_size(path) == 0u);
    BOOST_TEST(!fs::exists(path + ".key"));
}

BOOST_AUTO_TEST_SUITE_END()
