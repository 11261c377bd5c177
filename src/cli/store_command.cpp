#include "cli/store_command.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "app/records_store.hpp"
#include "cli/store_file.hpp"
#include "config/config.hpp"

namespace tollgate {

namespace {

enum store_exit { done = 0, bad_file = 1, bad_call = 2, no_store = 3 };

int complain(std::string const& what, store_exit code) {
    std::fprintf(stderr, "tollgate store: %s\n", what.c_str());
    return code;
}

class unusable_file : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// All of it is read before anything is written: it is as it was at one moment.
oauth::taken_out take_out(config const& c) {
    system_clock const clock;
    auto const opened = open_durable_store(c, clock, false);
    auto const names = wait_at_start(opened.store->realms());
    if (!names) throw std::runtime_error("the store cannot be read");
    oauth::taken_out all;
    all.key_check = opened.key_check;
    for (auto const& name : *names) {
        auto records = wait_at_start(opened.store->copy(name));
        if (!records) throw std::runtime_error("the store cannot be read");
        all.realms.emplace_back(name, std::move(*records));
    }
    return all;
}

std::size_t records_in(oauth::taken_out const& all) {
    std::size_t n = 0;
    for (auto const& [name, records] : all.realms)
        n += records.size();
    return n;
}

void say_done(char const* what, oauth::taken_out const& all, std::string const& where) {
    std::fprintf(stderr, "tollgate store: %zu records %s %s\n", records_in(all), what,
                 where.c_str());
}

// Names of users are in it in clear: nobody else may read it, also where a file was there before.
// What is no file of a disk, a pipe or a terminal, stays as it is.
void keep_private(std::string const& file) {
    std::error_code ignored;
    auto const what = std::filesystem::status(file, ignored);
    if (std::filesystem::exists(what) && !std::filesystem::is_regular_file(what)) return;
    auto const made = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0)
        throw unusable_file(file + " cannot be written: " + std::generic_category().message(errno));
    bool const done = fchmod(made, 0600) == 0;
    close(made);
    if (!done) throw unusable_file(file + " cannot be kept from others: it is not this user's");
}

void export_to(config const& c, std::string const& file, std::ostream& out) {
    auto all = take_out(c);
    leave_out_passing(all);
    if (file == "-") {
        write_store_file(all, out);
        out.flush();
        if (!out) throw unusable_file("stdout cannot be written");
        return say_done("taken out of", all, name_of_store(c));
    }
    keep_private(file);
    std::ofstream to(file, std::ios::binary | std::ios::trunc);
    write_store_file(all, to);
    to.close();
    if (!to) throw unusable_file(file + " cannot be written");
    say_done("taken out of", all, name_of_store(c));
}

oauth::taken_out read_from(std::string const& file, std::istream& in) {
    if (file == "-") return read_store_file(in, "stdin");
    std::ifstream from(file, std::ios::binary);
    if (!from) throw unusable_file(file + " cannot be read");
    return read_store_file(from, file);
}

void import_from(config const& c, std::string const& file, std::istream& in) {
    auto const all = read_from(file, in);
    if (c.store.backend == "redis")
        oauth::fill_redis_store(redis_options(c), all);
    else
        oauth::fill_sqlite_store(sqlite_options(c), all);
    say_done("brought into", all, name_of_store(c));
}

}  // namespace

int run_store(command_line const& line, std::istream& in, std::ostream& out) {
    bool const exports = line.store_action == "export";
    if (!exports && line.store_action != "import")
        return complain("expected export or import, got \"" + line.store_action + '"', bad_call);
    if (line.store_file.empty())
        return complain("expected a file, or - for " + std::string(exports ? "stdout" : "stdin") +
                            "; see tollgate store --help",
                        bad_call);
    auto const c = load_config({line.config_file, line.sets, process_environment()});
    if (c.store.backend == "memory")
        return complain(
            "store.backend is \"memory\": such records are in the memory of the running server "
            "alone, where nothing can take them out or bring them in, and end with it; set "
            "store.backend = \"sqlite\" and store.path, or \"redis\" and store.url",
            bad_call);
    try {
        exports ? export_to(c, line.store_file, out) : import_from(c, line.store_file, in);
        return done;
    } catch (unusable_file const& e) {
        return complain(e.what(), bad_file);
    } catch (bad_store_file const& e) {
        return complain(e.what(), bad_file);
    } catch (std::runtime_error const& e) {
        return complain(e.what(), no_store);
    }
}

}  // namespace tollgate
