// Every transcript of the folders beside this file is a test case named after it. UPDATE=1 in the
// environment writes down what comes back instead of comparing it.
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "wire/folders.hpp"
#include "wire/player.hpp"
#include "wire/server.hpp"
#include "wire/transcript.hpp"

namespace test::wire {

namespace {

namespace fs = std::filesystem;
namespace ut = boost::unit_test;

bool updating() {
    auto const* const wanted = std::getenv("UPDATE");
    return wanted != nullptr && std::string_view(wanted) == "1";
}

void rewrite(fs::path const& file, transcript& t, ports where) {
    update(t, where);
    auto const text = write(t);
    if (text != text_of(file)) std::ofstream(file) << text;
}

// Its path from here, as an editor finds it from the top of the repository.
std::string shown(fs::path const& file) {
    return "test/wire/" + fs::relative(file, transcripts_folder()).string();
}

void play_whole(fs::path const& file) {
    auto t = parse(shown(file), text_of(file));
    server program(t.config);
    try {
        if (updating())
            rewrite(file, t, program.where());
        else if (auto const text = compare(t, program.where()); !text.empty())
            BOOST_ERROR('\n' << text << "If that is as it should be: UPDATE=1 writes it down.");
    } catch (std::exception const& e) {
        BOOST_ERROR(e.what());
    }
    // Also after a failure: that the program broke down may be its reason.
    auto const wrong = program.stop();
    BOOST_TEST(wrong.empty(), wrong);
}

void play(fs::path const& file) {
    try {
        play_whole(file);
    } catch (std::exception const& e) {
        BOOST_ERROR(e.what());
    }
}

// Boost.Test keeps a view of the name of the file.
std::string const& kept(std::string text) {
    static std::deque<std::string> all;
    return all.emplace_back(std::move(text));
}

void add_case(ut::test_suite& suite, fs::path const& file) {
    suite.add(
        ut::make_test_case([file] { play(file); }, file.stem().string(), kept(file.string()), 1));
}

// What cannot be read is a case that fails, because nothing else would be heard of it.
void add_failure(ut::test_suite& suite, fs::path const& where, std::string const& why) {
    suite.add(ut::make_test_case([why] { BOOST_ERROR(why); }, "holds_transcripts",
                                 kept(where.string()), 1));
}

void add_folder(ut::test_suite& all, fs::path const& folder) {
    auto* const suite = BOOST_TEST_SUITE(folder.filename().string());
    all.add(suite);
    try {
        for (auto const& file : transcripts_of(folder))
            add_case(*suite, file);
    } catch (std::exception const& e) {
        add_failure(*suite, folder, e.what());
    }
}

bool add_all() {
    auto& all = ut::framework::master_test_suite();
    fs::path const here(transcripts_folder());
    try {
        for (auto const& folder : folders_of(here))
            add_folder(all, folder);
    } catch (std::exception const& e) {
        add_failure(all, here, e.what());
    }
    return true;
}

[[maybe_unused]] bool const added = add_all();

}  // namespace

}  // namespace test::wire
