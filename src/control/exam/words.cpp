#include "control/exam/words.hpp"

#include <algorithm>

#include "control/verdict/stations.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control::exam_words {

namespace {

bool is_bad(finding const& f) noexcept {
    return f.status == finding_status::fail || f.status == finding_status::warning;
}

}  // namespace

std::string welcome(std::string const& report) {
    return "The exam of this MCP client begins. At each station something goes wrong on purpose; "
           "the client has to cope with it, and you only call tools as you are told. The user can "
           "follow it at " +
           report + " . ";
}

std::string task(std::span<station const> all, std::size_t at) {
    return "Station " + std::to_string(at + 1) + " of " + std::to_string(all.size()) + ": " +
           all[at].title +
           ". Call the tool exam_task with {}, then call next_station with {}, also when "
           "exam_task has failed. If next_station fails, make it once more. If the client asks the "
           "user to log in, that is part of it.";
}

std::string result(station const& s, station_record const& r) {
    if (!r.left_out.empty()) return s.name + ": left out. " + r.left_out + '\n';
    if (std::ranges::none_of(r.findings, is_bad)) return s.name + ": passed.\n";
    auto text = s.name + ": failed.";
    for (auto const& f : r.findings)
        if (is_bad(f)) text += ' ' + f.text;
    return text + '\n';
}

std::string results(std::span<station const> all, std::span<station_record const> records) {
    std::string lines;
    std::size_t taken = 0, passed = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        lines += result(all[i], records[i]);
        if (!records[i].left_out.empty()) continue;
        ++taken;
        passed += std::ranges::none_of(records[i].findings, is_bad) ? 1 : 0;
    }
    auto const how = passed == taken ? "passed" : "not passed";
    return "The exam is over and " + std::string(how) + ": " + std::to_string(passed) + " of " +
           std::to_string(taken) + " stations.\n" + lines;
}

std::string report_at(std::string const& url) {
    return "Tell the user the result and this address of the report: " + url +
           " . Call no more tools of the exam.";
}

std::string reason_against(station const& s, http::context const& c, mcp::examinee const& who) {
    if (s.in_session && !who.in_session) return "This client has no session that could be lost.";
    if (s.needs_other_issuer &&
        (!c.place().mcp_is_issuer || c.place().mcp_base() == c.place().issuer()))
        return "This server has only one issuer name.";
    auto const& can = who.grantable_scopes;
    if (!s.scope.empty() && std::ranges::find(can, s.scope) == can.end())
        return "This server cannot grant the scope " + s.scope + '.';
    return {};
}

}  // namespace tollgate::control::exam_words
