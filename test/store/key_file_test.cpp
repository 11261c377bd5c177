// The key file: made once, read as it is, held by one, and refused with a sentence.
#include "store/key_file.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include "store/document.hpp"
#include "store/store_bench.hpp"

using namespace test::stores;
namespace fs = std::filesystem;

namespace {

struct key_bench {
    test::folder folder;
    std::string const path = (folder.path() / "key").string();

    key_place place(bool locks = true) const {
        key_place p;
        p.path = path;
        p.setting = "store.key_file";
        p.seals = "the store x";
        p.instead = "begin anew";
        p.locks = locks;
        return p;
    }
    std::unique_ptr<key_file> open(bool may_make = true, bool locks = true) const {
        return std::make_unique<key_file>(place(locks), may_make);
    }
    // What it says; "" where it opens.
    std::string refusal(bool may_make = true, bool locks = true) const {
        try {
            open(may_make, locks);
            return {};
        } catch (std::runtime_error const& e) {
            return e.what();
        }
    }
    void write(std::string const& text) const { std::ofstream(path, std::ios::trunc) << text; }
    std::string text() const {
        std::ifstream in(path);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

// A store and a document in it, over which others write.
struct document_bench {
    manual_clock time;
    std::unique_ptr<store> owned = make_memory_store(time);
    store& s = *owned;
    int made = 0;

    std::string keep(std::string const& body) {
        return failure(now(keep_newest(s, "r", kind::state, "policy", [&] {
            ++made;
            return body;
        })));
    }
    outcome<record> there() { return now(s.get("r", kind::state, "policy")); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(key_files, key_bench)

BOOST_AUTO_TEST_CASE(makes_a_secret_that_nobody_else_may_read) {
    auto const made = open();
    BOOST_TEST(made->secret().size() == 43u);  // 256 bits in base64url
    BOOST_TEST(text() == made->secret() + '\n');
    auto const rights = fs::status(path).permissions();
    BOOST_TEST((rights == (fs::perms::owner_read | fs::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(makes_another_secret_for_every_file) {
    auto const first = open()->secret();
    fs::remove(path);
    BOOST_TEST(open()->secret() != first);
}

BOOST_AUTO_TEST_CASE(reads_the_same_secret_whenever_it_is_opened) {
    auto const first = open()->secret();
    BOOST_TEST(open()->secret() == first);
    BOOST_TEST(open(false)->secret() == first);
}

BOOST_AUTO_TEST_CASE(takes_what_stands_there_without_the_ends_of_its_line) {
    for (auto const* written : {"my secret", "my secret\n", "my secret\r\n", "my secret\n\n\r\n"}) {
        write(written);
        BOOST_TEST(open()->secret() == "my secret", written);
        BOOST_TEST(text() == written);
    }
    write(" a\nb \n");
    BOOST_TEST(open()->secret() == " a\nb ");
}

BOOST_AUTO_TEST_CASE(makes_a_secret_in_a_file_that_has_none_yet) {
    for (auto const* empty : {"", "\n", "\r\n\r\n"}) {
        write(empty);
        auto const secret = open()->secret();
        BOOST_TEST(secret.size() == 43u);
        BOOST_TEST(open()->secret() == secret);
    }
}

BOOST_AUTO_TEST_CASE(reads_a_key_of_4096_bytes) {
    write(std::string(4096, 'k'));
    BOOST_TEST(open()->secret().size() == 4096u);
}

// Of a longer one the end would count for nothing: two that differ there would be one key.
BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_too_long_for_a_key) {
    write(std::string(4097, 'k'));
    BOOST_TEST(refusal() == "store.key_file: " + path +
                                " is longer than 4096 bytes and no key; bring the right one, or "
                                "begin anew");
}

BOOST_AUTO_TEST_CASE(says_that_a_key_is_missing_and_makes_none_where_it_may_not) {
    BOOST_TEST(refusal(false) == "store.key_file: " + path +
                                     " is missing, and what the store x keeps sealed cannot be "
                                     "read without it; bring it back, or begin anew");
    BOOST_TEST(!fs::exists(path));
}

BOOST_AUTO_TEST_CASE(says_that_a_key_is_empty_and_leaves_it_so_where_it_may_not_make_one) {
    write("\n");
    BOOST_TEST(refusal(false) ==
               "store.key_file: " + path + " is empty; bring a copy of it back, or begin anew");
    BOOST_TEST(text() == "\n");
}

BOOST_AUTO_TEST_CASE(says_what_the_system_says_of_a_path_that_cannot_be_opened) {
    fs::create_directory(path);
    BOOST_TEST(refusal() == "store.key_file: cannot open " + path + ": Is a directory");
    fs::remove(path);
    key_place nowhere = place();
    nowhere.path = path + "/key";
    auto const says_so = [&](std::runtime_error const& e) {
        return e.what() ==
               "store.key_file: cannot open " + nowhere.path + ": No such file or directory";
    };
    BOOST_CHECK_EXCEPTION(key_file(nowhere, true), std::runtime_error, says_so);
}

BOOST_AUTO_TEST_CASE(is_held_by_one_and_free_when_that_one_lets_go) {
    auto held = open();
    BOOST_TEST(refusal() ==
               "store.key_file: the store x is in use by another tollgate; end that one first, or "
               "give this one a file of its own");
    BOOST_TEST(text() == held->secret() + '\n');
    held.reset();
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(is_read_by_many_where_it_locks_nobody_out) {
    auto const held = open();
    auto const second = open(false, false);
    auto const third = open(false, false);
    BOOST_TEST(second->secret() == held->secret());
    BOOST_TEST(third->secret() == held->secret());
}

BOOST_AUTO_TEST_CASE(is_held_again_by_a_reader_that_failed_before) {
    auto held = open();
    for (int time = 0; time < 3; ++time)
        BOOST_TEST(refusal() != "");
    held.reset();
    BOOST_TEST(refusal() == "");
}

BOOST_AUTO_TEST_CASE(removes_the_file_that_it_made_itself_and_no_other) {
    auto made = open();
    made->remove_if_made();
    BOOST_TEST(!fs::exists(path));
    write("mine\n");
    open()->remove_if_made();
    BOOST_TEST(text() == "mine\n");
}

// It is kept beside the records: it must not help whoever reads them.
BOOST_AUTO_TEST_CASE(makes_checks_that_fit_its_own_secret_and_tell_nothing_of_it) {
    auto const key = open();
    auto const check = key->check();
    BOOST_TEST(key->fits(check));
    BOOST_TEST(key->check() != check);
    BOOST_TEST(key->fits(key->check()));
    BOOST_TEST(check.find(key->secret()) == std::string::npos);
    for (auto const& wrong : {std::string(), std::string("x"), check + 'A', check.substr(1)})
        BOOST_TEST(!key->fits(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(fits_no_check_of_another_secret) {
    auto const check = open()->check();
    write("another\n");
    BOOST_TEST(!open()->fits(check));
}

BOOST_AUTO_TEST_CASE(says_of_a_file_whether_it_is_the_key_that_a_check_was_made_with) {
    auto const held = open();
    BOOST_TEST(check_of_key_fits(path, held->check()));  // also while another process has it
    BOOST_TEST(!check_of_key_fits(path, "x"));
    BOOST_TEST(!check_of_key_fits(path + ".nowhere", held->check()));
    BOOST_TEST(!fs::exists(path + ".nowhere"));
}

BOOST_AUTO_TEST_CASE(says_of_an_empty_file_that_it_is_not_the_key) {
    auto const check = open()->check();
    write("");
    BOOST_TEST(!check_of_key_fits(path, check));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(documents, document_bench)

BOOST_AUTO_TEST_CASE(writes_a_document_that_there_is_not_for_ever) {
    BOOST_TEST(keep("one") == "success");
    time.advance(24h * 3650);
    BOOST_TEST(there()->body == "one");
    BOOST_TEST(there()->group == "");
}

BOOST_AUTO_TEST_CASE(writes_nothing_where_the_document_is_the_same) {
    keep("one");
    auto const version = there()->version;
    BOOST_TEST(keep("one") == "success");
    BOOST_TEST(there()->version == version);
    BOOST_TEST(keep("two") == "success");
    BOOST_TEST(there()->version != version);
}

BOOST_AUTO_TEST_CASE(asks_what_to_write_once_where_nobody_is_in_the_way) {
    keep("one");
    keep("two");
    BOOST_TEST(made == 2);
}

BOOST_AUTO_TEST_CASE(writes_for_ever_what_was_to_end) {
    now(s.put("r", kind::state, "policy", record("old", "", time.now() + 1s))).value();
    BOOST_TEST(keep("new") == "success");
    time.advance(1s);
    BOOST_TEST(there()->body == "new");
}

// Somebody writes between the look and the writing: what is written then has seen it.
BOOST_AUTO_TEST_CASE(says_anew_what_to_write_where_somebody_else_was_faster) {
    keep("0");
    std::string last;
    int turns = 0;
    auto const done = now(keep_newest(s, "r", kind::state, "policy", [&] {
        if (turns++ == 0) keep("faster");
        last = there()->body;
        return last + "+mine";
    }));
    BOOST_TEST(failure(done) == "success");
    BOOST_TEST(turns == 2);
    BOOST_TEST(there()->body == "faster+mine");
}

BOOST_AUTO_TEST_CASE(looks_again_where_somebody_else_made_the_document_or_erased_it) {
    int turns = 0;
    auto const meanwhile = [&](std::function<void()> what) {
        turns = 0;
        return failure(now(keep_newest(s, "r", kind::state, "policy", [&turns, what] {
            if (turns++ == 0) what();
            return "mine " + std::to_string(turns);
        })));
    };
    BOOST_TEST(meanwhile([&] { keep("made"); }) == "success");
    BOOST_TEST(there()->body == "mine 2");
    BOOST_TEST(meanwhile([&] { now(s.erase("r", kind::state, "policy")).value(); }) == "success");
    BOOST_TEST(there()->body == "mine 2");
}

BOOST_AUTO_TEST_CASE(loses_nothing_of_many_who_keep_one_document_at_once) {
    std::atomic<int> state{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                ++state;
                now(keep_newest(s, "r", kind::state, "policy", [&] {
                    return std::to_string(state.load());
                })).value();
            }
        });
    threads.clear();
    BOOST_TEST(there()->body == "200");
}

BOOST_AUTO_TEST_SUITE_END()
