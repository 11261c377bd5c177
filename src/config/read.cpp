// From a value as it was written to the place where the program looks for it.
#include <algorithm>
#include <limits>
#include <optional>

#include <boost/json/array.hpp>

#include "base/quantity.hpp"
#include "config/schema.hpp"
#include "config/texts.hpp"
#include "oauth/model/redirect_uri.hpp"

namespace tollgate::settings {
namespace {

namespace json = boost::json;
using type = value::type;

json::value to_json(value const& v) {
    switch (v.is) {
        case type::boolean:
            return v.boolean;
        case type::integer:
            return v.integer;
        case type::number:
            return v.number;
        case type::list: {
            json::array items;
            for (auto const& item : v.items)
                items.push_back(to_json(item));
            return items;
        }
        case type::table: {
            json::object object;
            for (auto const& m : v.members)
                object[m.key] = to_json(m.content);
            return object;
        }
        case type::text:
        case type::other:
            break;
    }
    return json::string(v.text);
}

bool may_be_empty(format form) {
    switch (form) {
        case format::one_of:
        case format::reuse_rule:
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
    reader(value const& v, std::string const& name, description const& is,
           std::string const& folder, mistakes& wrong)
        : v_(v), name_(name), is_(is), folder_(folder), wrong_(wrong) {}

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
            return add(in_quotes(v_.text) + " is too short; at least \"" +
                       std::to_string(is_.least) + "ms\"");
        if (duration->count() > is_.most)
            return add(in_quotes(v_.text) + " is too long; at most \"" + std::to_string(is_.most) +
                       "ms\"");
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
        *into = to_json(v_).as_object();
    }

    void operator()(word_or_list into) const {
        if (v_.is == type::text) return (*this)(into.word);
        if (v_.is != type::list)
            return expected(quoted_list(split(is_.allowed, '|'), ", ") + " or a list of URIs");
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
        *into.word = "list";
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

    void expected(std::string_view what) const {
        add("expected " + std::string(what) + ", found " + describe(v_, is_.secret));
    }
    void add(std::string const& what) const { wrong_.add(v_.at, name_, what); }
    void add_at(value const& part, std::string const& what) const {
        wrong_.add(part.at, name_, what);
    }

    value const& v_;
    std::string const& name_;
    description const& is_;
    std::string const& folder_;
    mistakes& wrong_;
};

}  // namespace

void read(value const& v, std::string const& name, description const& is, slot into,
          std::string const& folder, mistakes& wrong) {
    std::visit(reader(v, name, is, folder, wrong), into);
}

}  // namespace tollgate::settings
