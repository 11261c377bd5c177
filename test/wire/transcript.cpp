#include "wire/transcript.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace test::wire {

namespace {

std::string without_mark(std::string_view line) {
    line.remove_prefix(line.starts_with("> ") || line.starts_with("| ") ? 2 : 1);
    return std::string(line);
}

std::vector<std::string> words_of(std::string const& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    return words;
}

class reader {
public:
    explicit reader(std::string file) { result_.file = std::move(file); }

    void take(std::string line) {
        ++number_;
        char const mark = line.empty() ? '#' : line.front();
        if (mark == '<' || mark == '=')
            take_answer(std::move(line));
        else if (mark == '>')
            take_request(std::move(line));
        else
            take_other(mark, std::move(line));
    }

    transcript end() {
        if (!stream_.empty()) fail("@stream without a request");
        finish();
        if (result_.steps.empty()) fail("no exchange in it");
        result_.after = std::move(kept_);
        return std::move(result_);
    }

private:
    [[noreturn]] void fail(std::string const& why) const {
        throw bad_transcript(result_.file + ':' + std::to_string(number_) + ": " + why);
    }

    void take_answer(std::string line) {
        if (!open_) fail("an answer to nothing");
        if (now_.answer.empty()) now_.answer_line = number_;
        now_.answer.push_back(std::move(line));
    }

    void take_request(std::string line) {
        // The answer, or any other line, ends a request.
        if (!in_request_ || !now_.answer.empty()) {
            finish();
            begin(action::request);
            now_.words = std::exchange(stream_, {});
        }
        in_request_ = true;
        now_.said.push_back(without_mark(line));
        now_.before.push_back(std::move(line));
        now_.answer_line = number_ + 1;
    }

    void take_other(char mark, std::string line) {
        finish();
        if (mark == '|') {
            if (!result_.steps.empty()) fail("the program is configured before the first request");
            result_.config += without_mark(line) + '\n';
        } else if (mark == '@') {
            take_directive(std::move(line));
            return;
        } else if (mark != '#') {
            fail("a line begins with one of # | @ > < =");
        }
        kept_.push_back(std::move(line));
    }

    void take_directive(std::string line) {
        auto words = words_of(line);
        auto const& name = words.front();
        auto const is = [&](std::string_view what, std::size_t n) {
            return name == what && words.size() == n;
        };
        if (is("@stream", 3)) {
            stream_ = std::move(words);
            kept_.push_back(std::move(line));
            return;
        }
        if (is("@read", 3))
            begin(action::read);
        else if (is("@sign", 4))
            begin(action::sign);
        else if (is("@digest", 3))
            begin(action::digest);
        else
            fail("not a directive, or not its number of words: " + name);
        now_.words = std::move(words);
        now_.before.push_back(std::move(line));
        now_.answer_line = number_ + 1;
        if (now_.what != action::read) finish();
    }

    void begin(action what) {
        open_ = true;
        now_ = {};
        now_.what = what;
        now_.line = number_;
        now_.before = std::exchange(kept_, {});
    }

    void finish() {
        if (open_) result_.steps.push_back(std::exchange(now_, {}));
        open_ = in_request_ = false;
    }

    transcript result_;
    step now_;
    bool open_ = false;  // `now_` may get an answer
    bool in_request_ = false;
    std::vector<std::string> kept_;    // lines that belong to no step yet
    std::vector<std::string> stream_;  // words of a @stream that waits for its request
    std::size_t number_ = 0;
};

}  // namespace

transcript parse(std::string file, std::string_view text) {
    reader r(std::move(file));
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);)
        r.take(std::move(line));
    return r.end();
}

std::string write(transcript const& t) {
    std::string text;
    auto const add = [&](std::vector<std::string> const& lines) {
        for (auto const& line : lines)
            text += line + '\n';
    };
    for (auto const& s : t.steps) {
        add(s.before);
        add(s.answer);
    }
    add(t.after);
    return text;
}

}  // namespace test::wire
