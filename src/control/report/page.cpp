// The verdict as the inside of a page.
#include <algorithm>

#include "control/report/report.hpp"

namespace tollgate::control {

namespace {

using http::html;

std::string_view title_of(finding_status s) noexcept {
    switch (s) {
        case finding_status::fail:
            return "Broken (MUST)";
        case finding_status::warning:
            return "Should be otherwise";
        case finding_status::pass:
            return "Right";
        case finding_status::not_reached:
            break;
    }
    return "Not reached";
}

std::string_view title_of(station_state s) noexcept {
    switch (s) {
        case station_state::under_way:
            return "under way";
        case station_state::passed:
            return "passed";
        case station_state::failed:
            return "failed";
        case station_state::left_out:
            return "left out";
        case station_state::ahead:
            break;
    }
    return "not yet";
}

void add_item(html& page, finding const& f) {
    page << "<li><code>";
    page.text(f.id) << "</code> ";
    page.foreign(f.text, 600);
    if (f.by != finding_by::client) {
        page << " <small>(";
        page.text(word_of(f.by)) << ")</small>";
    }
    if (!f.url.empty()) {
        page << " <small>";
        page.link(f.url, f.clause) << "</small>";
    }
    if (f.event != 0) {
        page << " <small>event ";
        page.text(std::to_string(f.event)) << "</small>";
    }
    page << "</li>";
}

void add_list(html& page, verdict const& v, finding_status s) {
    auto const n = std::ranges::count(v.findings, s, &finding::status);
    if (n == 0) return;
    bool const bad = s == finding_status::fail || s == finding_status::warning;
    if (bad)
        page << "<details open><summary>";
    else
        page << "<details><summary>";
    page.text(std::string(title_of(s)) + ": " + std::to_string(n)) << "</summary><ul>";
    for (auto const& f : v.findings)
        if (f.status == s) add_item(page, f);
    page << "</ul></details>";
}

// Of an exam: where it stands.
void add_stations(html& page, verdict const& v) {
    if (v.stations.empty()) return;
    page << "<ol>";
    for (auto const& s : v.stations) {
        page << "<li><b>";
        page.text(s.name) << "</b> ";
        page.text(title_of(s.state)) << " <small>";
        page.text(s.title) << "</small></li>";
    }
    page << "</ol>";
}

}  // namespace

html to_page(verdict const& v) {
    html page;
    page << "<dl><dt>Verdict</dt><dd>";
    page.text(word_of(v.word)) << "</dd><dt>Scenario</dt><dd>";
    page.text(v.scenario) << "</dd><dt>Realm</dt><dd>";
    page.foreign(v.realm) << "</dd><dt>Client</dt><dd>";
    page.text(word_of(v.client)) << "</dd></dl>";
    add_stations(page, v);
    for (auto const s : {finding_status::fail, finding_status::warning, finding_status::pass,
                         finding_status::not_reached})
        add_list(page, v, s);
    return page;
}

}  // namespace tollgate::control
