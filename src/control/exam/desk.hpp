// Exam desk: holds the exam of the realms whose scenario has stations. At each station something
// is done to the client (faults), its next requests show whether it copes, and the next call of
// next_station judges it.
#pragma once

#include "mcp/examiner.hpp"

namespace tollgate::control {

// Its state hangs on the realms (exam_progress). Thread-safe.
class exam_desk final : public mcp::examiner {
public:
    std::string begin(http::context const& c, mcp::examinee const& who, bool again) override;
    std::string next(http::context const& c, mcp::examinee const& who) override;
    std::string needed_scope(http::context const& c) const override;
};

}  // namespace tollgate::control
