// What is done to a server, by many connections at once, and what it costs the server.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bench {

struct order {
    std::string kind;  // request | login | refresh | events | sessions | start
    unsigned short port = 0;
    // Whose CPU time, together, and whose memory, of the first; of start: nobody's.
    std::vector<pid_t> pids;
    int connections = 1;
    std::chrono::milliseconds for_so_long{1000};
    // request: each connection has one of them, sends it again and again, and each answer must
    // have `status`.
    // login: the authorization request, and the token request up to its code.
    // refresh: likewise, and the body of a refresh up to its token: each connection logs in once.
    // events: for the stream; the head of what is posted, with PATH in the place of the URL that
    // the stream names; and the messages: two that open a session, and the one that is measured.
    std::vector<std::string> bytes;
    int status = 200;
    // start: what is begun, on which core.
    std::vector<std::string> command;
    int core = 0;
};

struct outcome {
    std::int64_t operations = 0;
    double cpu_nanoseconds = 0;   // of the server, for one of them
    double wall_nanoseconds = 0;  // likewise
    double bytes = 0;             // of the server, for one session that stays
};

// Throws std::runtime_error for an answer that is not the right one.
outcome run(order const& o);

}  // namespace bench
