#include "control/report/report.hpp"

#include <algorithm>
#include <vector>

#include <boost/json/array.hpp>

#include "base/nearest.hpp"

namespace tollgate::control {

namespace json = boost::json;

std::string const& format_names() {
    static std::string const all = [] {
        constexpr auto words = words_of(report_format());
        std::string text;
        for (auto const& w : words) {
            bool const last = &w == &words.back();
            text.append(text.empty() ? "" : last ? " or " : ", ").append(w.text);
        }
        return text;
    }();
    return all;
}

std::variant<report_format, std::string> read_format(std::string_view name) {
    if (auto const known = value_of<report_format>(name)) return *known;
    std::vector<std::string_view> names;
    for (auto const& w : words_of(report_format()))
        names.push_back(w.text);
    return "expected " + format_names() + "; did you mean " +
           std::string(nearest_name(name, names)) + '?';
}

std::string_view media_type_of(report_format f) noexcept {
    switch (f) {
        case report_format::text:
            return "text/plain; charset=utf-8";
        case report_format::markdown:
            return "text/markdown; charset=utf-8";
        case report_format::junit:
            return "application/xml";
        case report_format::sarif:
        case report_format::json:
            break;
    }
    return "application/json";
}

namespace {

json::array stations_json(verdict const& v) {
    json::array all;
    for (auto const& s : v.stations) {
        json::object one;
        one["name"] = s.name;
        one["title"] = s.title;
        one["state"] = word_of(s.state);
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace

json::object to_json(verdict const& v) {
    json::object o;
    o["realm"] = v.realm;
    o["scenario"] = v.scenario;
    o["verdict"] = word_of(v.word);
    json::object client;
    client["state"] = word_of(v.client);
    if (v.exit) client["exit"] = *v.exit;
    o["client"] = std::move(client);
    json::array findings;
    for (auto const& f : v.findings) {
        json::object one;
        one["id"] = f.id;
        one["level"] = word_of(f.level);
        one["status"] = word_of(f.status);
        one["by"] = word_of(f.by);
        one["text"] = f.text;
        one["clause"] = f.clause;
        one["url"] = f.url;
        one["event"] = f.event == 0 ? json::value(nullptr) : json::value(f.event);
        findings.push_back(std::move(one));
    }
    if (!v.stations.empty()) o["stations"] = stations_json(v);
    o["findings"] = std::move(findings);
    return o;
}

std::string counts_of(verdict const& v) {
    std::string text;
    constexpr std::pair<finding_status, std::string_view> kinds[] = {
        {finding_status::fail, " failed"},
        {finding_status::warning, " warned of"},
        {finding_status::pass, " passed"},
        {finding_status::not_reached, " not reached"}};
    for (auto const& [status, word] : kinds) {
        auto const n = std::ranges::count(v.findings, status, &finding::status);
        if (!text.empty()) text += ", ";
        text += std::to_string(n) + std::string(word);
    }
    return text;
}

}  // namespace tollgate::control
