#include "wire/player.hpp"

#include <algorithm>
#include <utility>

#include "wire/signature.hpp"

namespace test::wire {

namespace {

// Lines of a body; an empty one has none. A line end that no line of a file can hold is named.
std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> lines;
    if (text.empty()) return lines;
    lines.emplace_back();
    for (char const c : text) {
        if (c == '\n')
            lines.emplace_back();
        else if (c == '\r')
            lines.back() += "{CR}";
        else
            lines.back() += c;
    }
    return lines;
}

std::vector<std::string> head_lines(std::string const& head) {
    std::vector<std::string> lines;
    for (std::size_t at = 0, end = 0; (end = head.find("\r\n", at)) != std::string::npos;
         at = end + 2)
        lines.push_back(head.substr(at, end - at));
    return lines;
}

std::string marked(std::string_view mark, std::string const& line) {
    return std::string(mark) + (line.empty() ? "" : " ") + line;
}

// The length of a body with measurements is one itself.
void name_length(std::vector<std::string>& head, std::string const& body) {
    if (body.find("{number}") == std::string::npos) return;
    for (auto& line : head)
        if (line.starts_with("Content-Length: ")) line = "Content-Length: {length}";
}

// The style sheet of our pages, which the head names by its digest, and which stands in one place
// of the program: a hundred lines in every transcript of a page would hide what the page says.
std::string without_style(std::string body, std::string const& head) {
    constexpr std::string_view open = "<style>";
    auto const tag = body.find(open);
    auto const end = body.find("</style>");
    if (tag == std::string::npos || end == std::string::npos) return body;
    auto const begin = tag + open.size();
    auto const sheet = body.substr(begin, end - begin);
    if (head.find("style-src 'sha256-" + base64(sha256(sheet)) + '\'') != std::string::npos)
        body.replace(begin, sheet.size(), "{style}");
    return body;
}

bool is_jwt(std::string const& value) {
    return value.starts_with("ey") && std::ranges::count(value, '.') == 2;
}

std::string joined(std::vector<std::string> const& lines, std::size_t first, std::size_t last,
                   std::string_view end) {
    std::string text;
    for (auto i = first; i < last; ++i)
        text += lines[i] + (i + 1 < last || end == "\r\n" ? std::string(end) : "");
    return text;
}

std::size_t head_size(step const& s) {
    auto const empty = std::ranges::find(s.said, "");
    return static_cast<std::size_t>(empty - s.said.begin());
}

}  // namespace

player::player(ports where) : where_(where), port_(where.as) {
    values_.set_port("as_port", where.as);
    if (where.mcp != where.as) values_.set_port("mcp_port", where.mcp);
}

std::vector<std::string> player::play(step const& s) {
    if (s.what == action::request) return request(s);
    if (s.what == action::read) return read(s);
    if (s.what == action::sign)
        values_.set(s.words[1], sign(values_.fill(s.words[2]), values_.fill(s.words[3])));
    else
        values_.set(s.words[1], base64url(sha256(values_.fill(s.words[2]))));
    return {};
}

// The server whose port Host names; where it names none, that of the request before.
unsigned short player::port_for(step const& s) {
    for (auto const& line : s.said) {
        if (!line.starts_with("Host: ")) continue;
        if (line.ends_with("{as_port}")) port_ = where_.as;
        if (line.ends_with("{mcp_port}")) port_ = where_.mcp;
    }
    return port_;
}

std::string player::bytes_of(step const& s) {
    auto const head = head_size(s);
    auto const body =
        head == s.said.size() ? "" : values_.fill(joined(s.said, head + 1, s.said.size(), "\n"));
    values_.set("length", std::to_string(body.size()));
    return values_.fill(joined(s.said, 0, head, "\r\n")) + "\r\n" + body;
}

std::vector<std::string> player::request(step const& s) {
    auto const bytes = bytes_of(s);
    auto connection = std::make_unique<peer>(port_for(s));
    connection->send(bytes);
    auto const said = joined(s.said, 0, s.said.size(), "\n");
    if (s.words.empty()) return written(connection->read_answer(bytes.starts_with("HEAD ")), said);
    auto const events = std::stoul(s.words[2]);
    auto lines = written(connection->read_stream(events), said);
    streams_[s.words[1]] = std::move(connection);
    return lines;
}

std::vector<std::string> player::read(step const& s) {
    auto const found = streams_.find(s.words[1]);
    if (found == streams_.end()) throw unknown_value("no stream is called " + s.words[1]);
    answer a;
    a.body = s.words[2] == "end" ? found->second->read_rest()
                                 : found->second->read_events(std::stoul(s.words[2]));
    return written(a, {});
}

std::vector<std::string> player::written(answer const& a, std::string const& said) {
    values_.learn(a.head, said);
    values_.learn(a.body, said);
    auto const body = without_style(values_.named(a.body), a.head);
    auto head = head_lines(values_.named(a.head));
    name_length(head, body);
    std::vector<std::string> lines;
    for (auto const& line : head)
        lines.push_back(marked("<", line));
    for (auto const& line : lines_of(body))
        lines.push_back(marked("<", line));
    add_tokens(lines);
    return lines;
}

// A JWT is a name in the answer; what it says stands below.
void player::add_tokens(std::vector<std::string>& lines) {
    for (auto const& [name, value] : values_.take_new()) {
        if (!is_jwt(value)) continue;
        auto const first = value.find('.');
        auto const second = value.find('.', first + 1);
        for (auto const& part :
             {value.substr(0, first), value.substr(first + 1, second - first - 1)}) {
            auto const text = from_base64url(part);
            values_.learn(text);
            lines.push_back(marked("=", '{' + name + "} " + values_.named(text)));
        }
    }
    values_.take_new();
}

namespace {

std::vector<std::string> play_at(player& p, transcript const& t, step const& s) {
    auto const where = t.file + ':' + std::to_string(s.line) + ": ";
    try {
        return p.play(s);
    } catch (unknown_value const& e) {
        throw bad_transcript(where + e.what());
    } catch (raw_failure const& e) {
        throw raw_failure(where + e.what());
    }
}

std::string line_or_nothing(std::vector<std::string> const& lines, std::size_t i) {
    return i < lines.size() ? lines[i] : "(no line)";
}

// From a little before the first difference on.
std::string shown(std::string const& line, std::size_t same) {
    constexpr std::size_t before = 40;
    constexpr std::size_t longest = 300;
    auto const from = same > 2 * before ? same - before : 0;
    auto const part = line.substr(std::min(from, line.size()), longest);
    return (from != 0 ? "..." : "") + part;
}

std::string difference(transcript const& t, step const& s, std::vector<std::string> const& got) {
    std::string text;
    for (std::size_t i = 0; i < std::max(got.size(), s.answer.size()); ++i) {
        auto const wanted = line_or_nothing(s.answer, i);
        auto const came = line_or_nothing(got, i);
        if (wanted == came) continue;
        auto const end = std::ranges::mismatch(wanted, came).in1;
        auto const same = static_cast<std::size_t>(end - wanted.begin());
        text += t.file + ':' + std::to_string(s.answer_line + i) + ": answer to " +
                (s.said.empty() ? s.before.back() : s.said.front()) + "\n  expected  " +
                shown(wanted, same) + "\n  got       " + shown(came, same) + '\n';
    }
    return text;
}

}  // namespace

std::string compare(transcript const& t, ports where) {
    player p(where);
    for (auto const& s : t.steps) {
        auto const text = difference(t, s, play_at(p, t, s));
        if (!text.empty()) return text;
    }
    return {};
}

void update(transcript& t, ports where) {
    player p(where);
    for (auto& s : t.steps)
        s.answer = play_at(p, t, s);
}

}  // namespace test::wire
