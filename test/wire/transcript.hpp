// A golden transcript as a value: what is sent, and what came back when it was last written down.
// The notation is described in README.md.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace test::wire {

// The file is at fault, not the server. Begins with FILE:LINE.
struct bad_transcript : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class action {
    request,  // sends `said`, reads the answer
    read,     // @read NAME N|end: reads on from a stream
    sign,     // @sign NAME HEADER CLAIMS
    digest,   // @digest NAME TEXT
};

struct step {
    action what = action::request;
    std::size_t line = 0;             // of the request or directive
    std::vector<std::string> words;   // of a directive, or of the @stream above a request
    std::vector<std::string> said;    // the request, without its marks
    std::vector<std::string> before;  // every line up to the answer, as it stands in the file
    std::vector<std::string> answer;  // with its marks
    std::size_t answer_line = 0;      // of its first line, or where that would stand
};

struct transcript {
    std::string file;    // for messages
    std::string config;  // of the program
    std::vector<step> steps;
    std::vector<std::string> after;  // lines behind the last answer
};

// Throws bad_transcript.
transcript parse(std::string file, std::string_view text);
// The file again; parse(write(t)) is t.
std::string write(transcript const& t);

}  // namespace test::wire
