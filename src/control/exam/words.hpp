// What the exam says to an assistant: short sentences that tell what to do next. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "control/scenarios/station.hpp"
#include "control/verdict/exam_progress.hpp"
#include "mcp/examiner.hpp"

namespace tollgate::control::exam_words {

inline constexpr std::string_view not_here =
    "There is no exam here: it is held where the scenario is \"exam\", at the MCP URL "
    "/s/exam/RUN/mcp. Tell the user so.";
inline constexpr std::string_view no_journal =
    "There can be no exam: the server keeps no journal (journal.bytes is 0). Tell the user so.";
inline constexpr std::string_view no_authorization =
    "There can be no exam without authorization: the server takes calls without a token "
    "(mcp.auth). Tell the user so.";
inline constexpr std::string_view goes_on = "The exam goes on where it was. ";
inline constexpr std::string_view not_met =
    "Nothing has shown yet how the client copes: exam_task was not called since. ";

std::string welcome(std::string const& report);
// The task of that station.
std::string task(std::span<station const> all, std::size_t at);
// A line about a station that is over.
std::string result(station const& s, station_record const& r);
// All of them, and whether the exam is passed.
std::string results(std::span<station const> all, std::span<station_record const> records);
std::string report_at(std::string const& url);
// Why that client cannot take the station; "" when it can.
std::string reason_against(station const& s, http::context const& c, mcp::examinee const& who);

}  // namespace tollgate::control::exam_words
