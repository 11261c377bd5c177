// Store file: the records of a store as JSON lines. A line that says what it is, a line for each
// record, a line that says how many they were.
#pragma once

#include <iosfwd>
#include <stdexcept>
#include <string>

#include "store/opened.hpp"

namespace tollgate {

// What a file is no store file by, with its name and the line.
class bad_store_file : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Takes out what is on its way for some minutes only and holds secrets of ours in clear: logins of
// people who were sent to the provider and have not come back.
void leave_out_passing(oauth::taken_out& all);

void write_store_file(oauth::taken_out const& all, std::ostream& to);
// `name` is how messages call it. Throws bad_store_file.
oauth::taken_out read_store_file(std::istream& from, std::string const& name);

}  // namespace tollgate
