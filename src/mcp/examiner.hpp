// Examiner: whoever holds the exam of clients. An interface, so that `mcp` needs nothing of
// `control`, which does.
#pragma once

#include <span>
#include <string>

namespace tollgate::http {
class context;
}

namespace tollgate::mcp {

// Who takes it, as far as one call tells.
struct examinee {
    bool authorized = false;  // the call came with a token
    bool in_session = false;  // and belongs to a session
    std::span<std::string const> grantable_scopes;
};

// Thread-safe. What it says is for an assistant to read and to act on.
class examiner {
public:
    virtual ~examiner() = default;
    // Begins, or tells where it stands. `again`: from the first station on.
    virtual std::string begin(http::context const& c, examinee const& who, bool again) = 0;
    // Judges the station that the client is at, and leads it to the next one.
    virtual std::string next(http::context const& c, examinee const& who) = 0;
    // The scope that the task wants at this station; "" for none.
    virtual std::string needed_scope(http::context const& c) const = 0;
};

}  // namespace tollgate::mcp
