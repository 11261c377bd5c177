// Reports: a verdict as JSON, as text for people, as Markdown, as JUnit XML and as SARIF.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/words.hpp"
#include "control/verdict/verdict.hpp"
#include "http/page/html.hpp"

namespace tollgate::control {

enum class report_format { json, text, markdown, junit, sarif };
constexpr auto words_of(report_format) {
    return std::to_array<word<report_format>>({{"text", report_format::text},
                                               {"json", report_format::json},
                                               {"junit", report_format::junit},
                                               {"sarif", report_format::sarif},
                                               {"markdown", report_format::markdown}});
}
// Their names as a sentence has them: "text, json, junit, sarif or markdown".
std::string const& format_names();
// The format of that name; or what is wrong with it, as the end of a sentence that begins with it:
// "expected text, json, …; did you mean junit?"
std::variant<report_format, std::string> read_format(std::string_view name);
std::string_view media_type_of(report_format f) noexcept;

// {"realm", "scenario", "verdict", "client", "findings"}
boost::json::object to_json(verdict const& v);
// Back from it; nothing when it is none. It may be another's: what is no value that a member can
// have is left out.
std::optional<verdict> verdict_from(boost::json::value const& value);
// `all`: one or several verdicts of one run. `page`: where a person can read it; "": nowhere.
std::string to_text(std::span<verdict const> all, std::string_view page = {});
std::string to_markdown(std::span<verdict const> all, std::string_view page = {});
// A suite a scenario, a case a finding; what was not reached is skipped.
std::string to_junit(std::span<verdict const> all);
// SARIF 2.1.0 (OASIS).
boost::json::object to_sarif(std::span<verdict const> all);
// The inside of a page.
http::html to_page(verdict const& v);

// "2 failed, 1 warned of, 20 passed, 14 not reached"
std::string counts_of(verdict const& v);

}  // namespace tollgate::control
