// Schema of config.toml: every key, its name, its type, where it goes, what it may be. The table is
// the only place that knows; reading, checking, the environment and the tests go by it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <boost/json/value.hpp>

#include "config/config.hpp"
#include "config/values/value.hpp"
#include "oauth/model/supported.hpp"

namespace tollgate::settings {

// How a text, or each text of a list, must look.
enum class format {
    any,
    one_of,
    address,        // host:port
    public_origin,  // a trailing slash is removed
    origin,         // RFC 6454 §6.2, as browsers send it; http and https are brought to that form
    url,
    base_url,  // to which a path is added
    host,
    file,      // must be readable; relative ones start at the configuration's folder
    new_file,  // need not be there
    http_path,
    endpoint_path,  // of the authorization server: where it always is, or elsewhere
    scope_token,
    scope_list,  // scope tokens with a space between them
    printable,   // RFC 6749 appendix A
    bearer_token,
    redirect_uri,
    header_field,  // "name: value"
};

// A place for a value of an enum, which has words (base/words.hpp).
class enum_slot {
public:
    template <class Enum>
    requires std::is_enum_v<Enum> enum_slot(Enum* place)
        : place_(place), as_(&operations_of<Enum>) {}

    std::string const& alternatives() const { return as_->alternatives(); }  // "auto|page|login"
    std::string_view word() const { return as_->word(place_); }
    // Nothing happens for a text that is none of the words.
    void choose(std::string_view word) const { as_->choose(place_, word); }

private:
    struct operations {
        std::string const& (*alternatives)();
        std::string_view (*word)(void const*);
        void (*choose)(void*, std::string_view);
    };
    template <class Enum>
    static constexpr operations operations_of{
        &tollgate::alternatives<Enum>,
        [](void const* place) { return word_of(*static_cast<Enum const*>(place)); },
        [](void* place, std::string_view text) {
            if (auto const value = value_of<Enum>(text)) *static_cast<Enum*>(place) = *value;
        }};

    void* place_;
    operations const* as_;
};

// authorization_server.resources: a word, or a list of URIs besides the first word.
struct word_or_list {
    enum_slot word;
    std::vector<std::string>* list;
};

// tokens.refresh_reuse: a word, or "grace:10s".
struct word_or_grace {
    enum_slot word;
    milliseconds* grace;
};

// Where a value goes; the alternative is the key's type. `monostate`: no value is built yet.
using slot = std::variant<std::monostate, bool*, unsigned*, std::size_t*, std::string*,
                          milliseconds*, std::vector<std::string>*, boost::json::object*, enum_slot,
                          word_or_list, word_or_grace>;

// What a key may hold. Made by chaining: key("mcp.auth").one_of("required|none").
struct description {
    std::string_view key;
    format form = format::any;
    std::string_view allowed = {};  // of a one_of: "a|b|c"
    std::string_view working = {};  // the part of `allowed` that is built; "" = all of it
    bool default_only = false;      // no other value is built
    bool bytes = false;             // a number that may be written as a size: "1MiB"
    bool secret = false;            // never shown in a message
    bool needs_entry = false;       // a list must not be empty
    bool file_only = false;         // neither --set nor the environment may say it
    std::int64_t least = 0;         // of numbers; of durations in milliseconds
    std::int64_t most = INT64_MAX;

    constexpr description as(format f) const {
        auto d = *this;
        d.form = f;
        return d;
    }
    constexpr description one_of(std::string_view words) const {
        auto d = *this;
        d.allowed = words;
        if (d.form == format::any) d.form = format::one_of;
        return d;
    }
    constexpr description works(std::string_view words) const {
        auto d = *this;
        d.working = words;
        return d;
    }
    constexpr description unbuilt() const {
        auto d = *this;
        d.default_only = true;
        return d;
    }
    constexpr description in_bytes() const {
        auto d = *this;
        d.bytes = true;
        return d;
    }
    constexpr description hidden() const {
        auto d = *this;
        d.secret = true;
        return d;
    }
    constexpr description from_file_only() const {
        auto d = *this;
        d.file_only = true;
        return d;
    }
    constexpr description filled() const {
        auto d = *this;
        d.needs_entry = true;
        return d;
    }
    constexpr description from(std::int64_t n) const {
        auto d = *this;
        d.least = n;
        return d;
    }
    constexpr description up_to(std::int64_t n) const {
        auto d = *this;
        d.most = n;
        return d;
    }
};

// "a|b|c": names of a table elsewhere, as a set of words (description::one_of).
template <auto const& Names>
struct words_of_table {
    static constexpr std::size_t size = [] {
        std::size_t n = Names.size() - 1;
        for (std::string_view const name : Names)
            n += name.size();
        return n;
    }();
    static constexpr std::array<char, size> letters = [] {
        std::array<char, size> all{};
        std::size_t at = 0;
        for (std::string_view const name : Names) {
            if (at != 0) all[at++] = '|';
            for (char const c : name)
                all[at++] = c;
        }
        return all;
    }();
    static constexpr std::string_view text{letters.data(), letters.size()};
};

// Of the token endpoint.
inline constexpr std::string_view grant_types = words_of_table<oauth::all_grants>::text;

constexpr description key(std::string_view name) {
    return {.key = name};
}

template <class Owner>
struct setting {
    description is;
    slot (*locate)(Owner&);
    // The same place in the policies of one realm; nullptr: all realms have one value.
    slot (*locate_in)(policies&) = nullptr;
};

std::span<setting<config> const> config_settings();
std::span<setting<config::client_section> const> client_settings();
std::span<setting<config::trusted_issuer_section> const> trusted_issuer_settings();
std::span<setting<config::client_document_section> const> client_document_settings();
std::span<setting<config::user_section> const> user_settings();

// The longest duration that a key takes: a hundred years, which can be added to any time of day.
inline constexpr milliseconds longest_duration{std::chrono::hours(24 * 36'500)};

// What a text may be: the words of a key, in the form of description::allowed.
std::string_view alternatives_of(description const& is, slot where);

// Reads `v` into `into`, or says what is wrong with it. `name` is the key in messages; `folder`
// is what relative file names start at.
void read(value const& v, std::string const& name, description const& is, slot into,
          std::string const& folder, mistakes& wrong);

// A value that the schema knows and the program does not do yet is refused, never ignored.
// `standard` is the same place in a default configuration.
void refuse_unbuilt(origin const& at, std::string const& name, description const& is, slot given,
                    slot standard, mistakes& wrong);

// A value as JSON, and one of JSON as if it had been written in TOML.
boost::json::value to_json(value const& v);
value from_json(boost::json::value const& v, origin const& at);

// The value there as JSON has it: "1h", 100, []. null where no value is built.
boost::json::value to_json(slot where);
// `to` gets the value of `from`, a place for the same key.
void copy(slot from, slot to);

bool is_section(std::string_view name);
setting<config> const* find_setting(std::string_view name);
// The known key that is nearest to `section`.`name`; the section is "" at the top.
std::string nearest_key(std::string_view section, std::string_view name);

}  // namespace tollgate::settings
