// Plays a transcript: sends what it says, and tells what came back in its notation.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "wire/peer.hpp"
#include "wire/server.hpp"
#include "wire/transcript.hpp"
#include "wire/values.hpp"

namespace test::wire {

class player {
public:
    explicit player(ports where);

    // Throws bad_transcript when the step cannot be done, raw_failure when nothing proper comes.
    std::vector<std::string> play(step const& s);

private:
    std::vector<std::string> request(step const& s);
    std::vector<std::string> read(step const& s);
    // The request on the wire. {length} is that of its body.
    std::string bytes_of(step const& s);
    unsigned short port_for(step const& s);
    std::vector<std::string> written(answer const& a, std::string const& said);
    void add_tokens(std::vector<std::string>& lines);

    ports where_;
    values values_;
    unsigned short port_;  // of the last request
    std::map<std::string, std::unique_ptr<peer>> streams_;
};

// The first step that is answered otherwise than the file says, as FILE:LINE with both; empty when
// all is well. Nothing after it is played.
std::string compare(transcript const& t, ports where);
// Puts what comes back in the place of what the file says.
void update(transcript& t, ports where);

}  // namespace test::wire
