// Verdicts for people: plain text and Markdown.
#include "control/report/report.hpp"

namespace tollgate::control {

namespace {

bool is_bad(finding const& f) noexcept {
    return f.status == finding_status::fail || f.status == finding_status::warning;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.resize(width, ' ');
    return text;
}

std::string whose(finding const& f) {
    return f.by == finding_by::client ? "" : " [" + std::string(word_of(f.by)) + ']';
}

// A reset is the last step of many a page, and who asks then sees nothing of what was before.
constexpr char nobody_came[] =
    "No client has sent anything since the start, the last reset or the last change of scenario.";

std::string head(verdict const& v) {
    auto text = upper(word_of(v.word)) + "  scenario " + v.scenario + ", realm " + v.realm +
                ", client " + std::string(word_of(v.client));
    if (v.exit) text += " (exit " + std::to_string(*v.exit) + ')';
    return text;
}

void add_finding(std::string& out, finding const& f) {
    out += "  " + padded(std::string(word_of(f.status)), 12) +
           padded(std::string(word_of(f.level)), 7) + f.id + whose(f) + "\n      " + f.text + '\n';
    if (is_bad(f) && !f.clause.empty()) out += "      " + f.clause + "  " + f.url + '\n';
    if (is_bad(f) && f.event != 0)
        out += "      see GET /control/events?since=" + std::to_string(f.event) + '\n';
}

void add_verdict(std::string& out, verdict const& v) {
    out += head(v) + '\n';
    for (auto const& s : v.stations)
        out += "  station " + padded(s.name, 22) + padded(std::string(word_of(s.state)), 11) +
               s.title + '\n';
    std::string left;
    for (auto const& f : v.findings) {
        if (f.status == finding_status::not_reached && f.event == 0) {
            left += left.empty() ? f.id : ", " + f.id;
            continue;
        }
        add_finding(out, f);
    }
    if (v.client == client_state::not_tried)
        out += std::string("  ") + nobody_came + '\n';
    else if (!left.empty())
        out += "  not reached: " + left + '\n';
    out += "  " + counts_of(v) + '\n';
}

// A cell of a table, in which no character is markup.
std::string cell(std::string_view text) {
    constexpr std::string_view special = "|\\`<*_[";
    std::string out;
    for (char const c : text) {
        if (special.find(c) != special.npos) out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

void add_markdown(std::string& out, verdict const& v) {
    out += "## " + cell(v.scenario) + ": " + std::string(word_of(v.word)) + "\n\n" +
           cell("Realm " + v.realm + ", client " + std::string(word_of(v.client))) + ". " +
           counts_of(v) +
           (v.client == client_state::not_tried ? std::string(". ") + nobody_came : ".") +
           "\n\n| status | level | finding | | clause | event |\n"
           "|---|---|---|---|---|---|\n";
    for (auto const& f : v.findings) {
        auto const clause =
            f.url.empty() ? cell(f.clause) : '[' + cell(f.clause) + "](" + f.url + ')';
        out += "| " + cell(word_of(f.status)) + " | " + std::string(word_of(f.level)) + " | " +
               cell(f.id) + whose(f) + " | " + cell(f.text) + " | " + clause + " | " +
               (f.event == 0 ? "" : std::to_string(f.event)) + " |\n";
    }
    out += '\n';
}

// A line for each scenario: what one wants to see first of many.
std::string overview(std::span<verdict const> all) {
    std::string out = "| scenario | verdict | client | findings |\n|---|---|---|---|\n";
    for (auto const& v : all)
        out += "| " + cell(v.scenario) + " | " + std::string(word_of(v.word)) + " | " +
               cell(word_of(v.client)) + " | " + counts_of(v) + " |\n";
    return out + '\n';
}

}  // namespace

std::string to_text(std::span<verdict const> all, std::string_view page) {
    std::string out;
    for (auto const& v : all)
        add_verdict(out, v);
    if (!page.empty()) out += "  to show somebody: " + std::string(page) + '\n';
    return out;
}

std::string to_markdown(std::span<verdict const> all, std::string_view page) {
    std::string out = "# Verdict\n\n";
    if (all.size() > 1) out += overview(all);
    for (auto const& v : all)
        add_markdown(out, v);
    if (!page.empty()) out += '<' + std::string(page) + ">\n";
    return out;
}

}  // namespace tollgate::control
