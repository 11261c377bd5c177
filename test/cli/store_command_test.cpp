// tollgate store: what it takes out of a file, brings into another one, and refuses.
#include "cli/store_command.hpp"

#include <fstream>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "store/sqlite/sqlite_store.hpp"
#include "support/exchange.hpp"
#include "support/folder.hpp"
#include "support/redis_server.hpp"

using namespace tollgate;
namespace fs = std::filesystem;

namespace {

enum exit_code { done = 0, bad_file = 1, bad_call = 2, no_store = 3 };

struct stores {
    ::test::folder folder;
    std::istringstream in;
    std::ostringstream out;

    std::string at(std::string const& name) const { return (folder.path() / name).string(); }
    int call(std::string action, std::string file, std::vector<std::string> more = {}) {
        command_line line;
        line.run = command::store;
        line.store_action = std::move(action);
        line.store_file = std::move(file);
        line.sets = {"store.backend=sqlite", "store.path=" + at("one.db")};
        line.sets.insert(line.sets.end(), more.begin(), more.end());
        return run_store(line, in, out);
    }
    std::vector<std::string> into(std::string const& name) const {
        return {"store.path=" + at(name)};
    }
    // A store with a record in it.
    void fill_one() const {
        manual_clock time;
        auto const s = oauth::open_sqlite_store({at("one.db")}, time).store;
        boost::asio::io_context io;
        auto const guard = boost::asio::make_work_guard(io);
        oauth::record r("{}", "", time_point::max());
        ::test::run(io, s->put("r", oauth::kind::client, "c", std::move(r))).value();
    }
    static std::string text(std::string const& file) {
        std::ifstream from(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(from), {}};
    }
    static bool is_private(std::string const& file) {
        auto const others = fs::perms::group_all | fs::perms::others_all;
        return (fs::status(file).permissions() & others) == fs::perms::none;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_command, stores)

BOOST_AUTO_TEST_CASE(moves_all_records_to_another_file) {
    fill_one();
    BOOST_TEST(call("export", at("records")) == done);
    fs::copy_file(at("one.db.key"), at("two.db.key"));
    BOOST_TEST(call("import", at("records"), into("two.db")) == done);
    BOOST_TEST(call("export", "-", into("two.db")) == done);
    auto const moved = out.str();
    // The first line tells the key, sealed anew each time.
    auto const records = [](std::string const& s) { return s.substr(s.find('\n')); };
    BOOST_TEST(records(moved) == records(text(at("records"))));
    BOOST_TEST(call("import", at("records"), into("two.db")) == no_store);
}

BOOST_AUTO_TEST_CASE(moves_all_records_between_a_file_and_a_server) {
    fill_one();
    ::test::redis_server const redis;
    std::vector<std::string> const server{"store.backend=redis", "store.url=" + redis.url(),
                                          "store.key_file=" + at("redis.key")};
    BOOST_TEST(call("export", at("records")) == done);
    BOOST_TEST(call("import", at("records"), server) == no_store);  // it has no key yet
    fs::copy_file(at("one.db.key"), at("redis.key"));
    BOOST_TEST(call("import", at("records"), server) == done);
    BOOST_TEST(call("import", at("records"), server) == no_store);  // it has records now
    BOOST_TEST(call("export", at("again"), server) == done);
    auto const records = [](std::string const& s) { return s.substr(s.find('\n')); };
    BOOST_TEST(records(text(at("again"))) == records(text(at("records"))));
    fs::copy_file(at("one.db.key"), at("two.db.key"));
    BOOST_TEST(call("import", at("again"), into("two.db")) == done);
}

BOOST_AUTO_TEST_CASE(reads_a_stream) {
    fill_one();
    BOOST_TEST(call("export", "-") == done);
    in.str(out.str());
    fs::copy_file(at("one.db.key"), at("two.db.key"));
    BOOST_TEST(call("import", "-", into("two.db")) == done);
}

// In it names of users are in clear.
BOOST_AUTO_TEST_CASE(shows_what_it_writes_to_nobody_else) {
    fill_one();
    BOOST_TEST(call("export", at("new")) == done);
    BOOST_TEST(is_private(at("new")));
    std::ofstream(at("old")) << "a longer text than what is written, which is not to be left there";
    fs::permissions(at("old"), fs::perms(0644));
    BOOST_TEST(call("export", at("old")) == done);
    BOOST_TEST(is_private(at("old")));
    BOOST_TEST(text(at("old")).ends_with("{\"records\":1}\n"));
}

BOOST_AUTO_TEST_CASE(makes_no_store_where_it_is_to_read_one) {
    BOOST_TEST(call("export", at("records")) == no_store);
    BOOST_TEST(!fs::exists(at("one.db")));
    std::ofstream(at("one.db")) << "";
    BOOST_TEST(call("export", at("records")) == no_store);
    BOOST_TEST(fs::file_size(at("one.db")) == 0u);
    BOOST_TEST(!fs::exists(at("one.db.key")));
    BOOST_TEST(!fs::exists(at("records")));
}

BOOST_AUTO_TEST_CASE(refuses_a_call_that_cannot_work) {
    BOOST_TEST(call("copy", at("records")) == bad_call);
    BOOST_TEST(call("export", "") == bad_call);
    BOOST_TEST(call("export", "-", {"store.backend=memory"}) == bad_call);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_none_or_cannot_be_written) {
    fill_one();
    BOOST_TEST(call("import", at("no such file")) == bad_file);
    std::ofstream(at("letter")) << "Dear friend,\n";
    BOOST_TEST(call("import", at("letter")) == bad_file);
    BOOST_TEST(call("export", at("no folder") + "/records") == bad_file);
}

BOOST_AUTO_TEST_CASE(brings_nothing_in_without_the_right_key) {
    fill_one();
    BOOST_TEST(call("export", at("records")) == done);
    BOOST_TEST(call("import", at("records"), into("two.db")) == no_store);
    BOOST_TEST(!fs::exists(at("two.db")));
    std::ofstream(at("two.db.key"))
        << "a key that sealed nothing of all this, of the same length\n";
    BOOST_TEST(call("import", at("records"), into("two.db")) == no_store);
}

BOOST_AUTO_TEST_SUITE_END()
