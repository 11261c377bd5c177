// From a value as it was written to the place where the program looks for it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/quantity.hpp"
#include "config/schema.hpp"
#include "config/texts.hpp"
#include "oauth/model/redirect_uri.hpp"

namespace tollgate::settings {
namespace {

namespace json = boost::json;
using type = value::type;

bool may_be_empty(format form) {
    switch (form) {
        case format::one_of:
        case format::address:
        case format::http_path:
        case format::endpoint_path:
            return false;
        default:
            return true;
    }
}

// One overload for each type that a key can have. What is wrong leaves the place as it was.
class reader {
public:
    reader(value const& v, std::string const& name, description const& is, slot into,
           std::string const& folder, mistakes& wrong)
        : v_(v),
          name_(name),
          is_(is),
          words_(split(alternatives_of(is, into), '|')),
          folder_(folder),
          wrong_(wrong) {}

    // Nothing is built: refuse_unbuilt says so.
    void operator()(std::monostate) const {}

    void operator()(bool* into) const {
        if (v_.is != type::boolean) return expected("true or false");
        *into = v_.boolean;
    }

    void operator()(unsigned* into) const { read_number(*into); }
    void operator()(std::size_t* into) const { read_number(*into); }

    void operator()(milliseconds* into) const {
        std::string const wanted =
            "a duration such as \"500ms\", \"10s\", \"5m\", \"1h\" or \"30d\"";
        if (v_.is != type::text) return expected(wanted);
        auto const duration = parse_duration(v_.text);
        if (!duration) return expected(wanted);
        if (duration->count() < is_.least)
            return add(in_quotes(v_.text) + " is too short; at least " +
                       in_quotes(duration_text(milliseconds(is_.least))));
        auto const most = std::min(longest_duration, milliseconds(is_.most));
        if (*duration > most)
            return add(in_quotes(v_.text) + " is too long; at most " +
                       in_quotes(duration_text(most)));
        *into = *duration;
    }

    void operator()(std::string* into) const {
        if (v_.is != type::text) return expected("a string");
        // An empty text is how a file leaves an optional key out.
        if (v_.text.empty() && may_be_empty(is_.form)) return into->clear();
        if (text_is_fine(v_)) *into = finished(v_.text, is_.form, folder_);
    }

    void operator()(std::vector<std::string>* into) const {
        std::vector<std::string> texts;
        if (!read_texts(texts)) return;
        if (texts.empty() && is_.needs_entry) return add("needs at least one entry");
        *into = std::move(texts);
    }

    void operator()(json::object* into) const {
        if (v_.is != type::table) return expected("a table such as {email = \"demo@example.org\"}");
        if (!is_json(v_)) return add("holds a number that JSON has none for (RFC 8259 section 6)");
        *into = to_json(v_).as_object();
    }

    void operator()(enum_slot into) const {
        if (v_.is != type::text) return expected("one of " + listed_words());
        if (is_a_word()) into.choose(v_.text);
    }

    void operator()(word_or_grace into) const {
        constexpr std::string_view grace = "grace:";
        if (v_.is != type::text) return expected("one of " + listed_words());
        if (!v_.text.starts_with(grace)) {
            if (is_a_word()) into.word.choose(v_.text);
            return;
        }
        auto const window = parse_duration(std::string_view(v_.text).substr(grace.size()));
        if (!window || window->count() < 1 || *window > longest_duration)
            return add(in_quotes(v_.text) +
                       " has no duration behind \"grace:\"; write it as \"grace:10s\"");
        into.word.choose("grace");
        *into.grace = *window;
    }

    void operator()(word_or_list into) const {
        if (v_.is == type::text) {
            if (!is_a_word()) return;
            into.word.choose(v_.text);
            return into.list->clear();
        }
        if (v_.is != type::list) return expected(quoted_list(words_, ", ") + " or a list of URIs");
        std::vector<std::string> uris;
        for (auto const& item : v_.items) {
            if (item.is != type::text)
                return add_at(item, "expected a URI, found " + describe(item));
            if (!oauth::is_absolute_without_fragment(item.text))
                return add_at(item,
                              in_quotes(item.text) +
                                  " is no absolute URI without fragment (RFC 8707 section 2)");
            uris.push_back(item.text);
        }
        into.word.choose(words_.front());
        *into.list = std::move(uris);
    }

private:
    template <class Number>
    void read_number(Number& into) const {
        auto number = std::optional<std::int64_t>();
        if (v_.is == type::integer) number = v_.integer;
        if (is_.bytes && v_.is == type::text)
            if (auto const size = parse_size(v_.text)) number = static_cast<std::int64_t>(*size);
        if (!number)
            return expected(is_.bytes ? "a number of bytes or a size such as \"32KiB\" or \"1MiB\""
                                      : "a whole number");
        if (*number < is_.least)
            return add(v_.text + " is too small; at least " + std::to_string(is_.least));
        auto const most = std::min<std::uint64_t>(static_cast<std::uint64_t>(is_.most),
                                                  std::numeric_limits<Number>::max());
        if (static_cast<std::uint64_t>(*number) > most)
            return add(v_.text + " is too large; at most " + std::to_string(most));
        into = static_cast<Number>(*number);
    }

    // False when something is wrong, which has been said then.
    bool read_texts(std::vector<std::string>& texts) const {
        if (v_.is != type::list) {
            expected("a list of strings such as [\"a\", \"b\"]");
            return false;
        }
        bool fine = true;
        for (auto const& item : v_.items) {
            if (item.is != type::text) {
                add_at(item, "expected a string, found " + describe(item, is_.secret));
                fine = false;
            } else if (!text_is_fine(item)) {
                fine = false;
            } else if (auto text = finished(item.text, is_.form, folder_);
                       std::ranges::find(texts, text) == texts.end()) {
                texts.push_back(std::move(text));
            }
        }
        return fine;
    }

    bool text_is_fine(value const& text) const {
        auto const flaw = flaw_of(text.text, is_, folder_);
        if (flaw) add_at(text, *flaw);
        return !flaw;
    }

    std::string listed_words() const { return quoted_list(words_, ", "); }

    bool is_a_word() const {
        if (has(words_, v_.text)) return true;
        add(in_quotes(v_.text) + " is none of " + listed_words());
        return false;
    }

    void expected(std::string_view what) const {
        add("expected " + std::string(what) + ", found " + describe(v_, is_.secret));
    }
    void add(std::string const& what) const { wrong_.add(v_.at, name_, what); }
    void add_at(value const& part, std::string const& what) const {
        wrong_.add(part.at, name_, what);
    }

    // No member is NaN or infinite, which TOML can write and JSON cannot.
    static bool is_json(value const& v) {
        if (v.is == type::number) return std::isfinite(v.number);
        auto const member = [](auto const& m) { return is_json(m.content); };
        return std::ranges::all_of(v.items, is_json) && std::ranges::all_of(v.members, member);
    }

    value const& v_;
    std::string const& name_;
    description const& is_;
    std::vector<std::string> const words_;
    std::string const& folder_;
    mistakes& wrong_;
};

}  // namespace

void read(value const& v, std::string const& name, description const& is, slot into,
          std::string const& folder, mistakes& wrong) {
    std::visit(reader(v, name, is, into, folder, wrong), into);
}

}  // namespace tollgate::settings
