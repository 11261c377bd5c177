#include "control/scenarios/mistake_place.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "config/values/formats.hpp"

namespace tollgate::control {

namespace {

using settings::value;

// RFC 6901 §4.
std::string unescaped(std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        bool const escape = token[i] == '~' && i + 1 < token.size();
        out += !escape ? token[i] : token[++i] == '1' ? '/' : '~';
    }
    return out;
}

std::optional<std::size_t> index_of(std::string_view token) {
    std::size_t n = 0;
    auto const [end, ec] = std::from_chars(token.data(), token.data() + token.size(), n);
    if (ec != std::errc() || end != token.data() + token.size()) return std::nullopt;
    return n;
}

// Goes down from a table, as far as there is something.
class descent {
public:
    descent(value const& table, std::string called)
        : at_(&table.at), here_(&table), key_(std::move(called)) {}

    void step(std::string const& token) {
        auto const index = index_of(token);
        key_ += index ? '[' + token + ']' : '.' + token;
        auto const* const from = here_;
        here_ = nullptr;
        if (from == nullptr) return;
        if (from->is == value::type::list && index && *index < from->items.size())
            enter(from->items[*index], from->items[*index].at);
        if (from->is != value::type::table) return;
        auto const found = std::ranges::find(from->members, token, &settings::member::key);
        if (found != from->members.end()) enter(found->content, found->at);
    }

    settings::origin const& at() const noexcept { return *at_; }
    std::string const& key() const noexcept { return key_; }

private:
    void enter(value const& v, settings::origin const& at) {
        here_ = &v;
        at_ = &at;
    }

    settings::origin const* at_;
    value const* here_;
    std::string key_;
};

// "expect/3" is the first of the table's own where three came by "with"; what came so is "with".
void count_from_own(std::vector<std::string>& tokens, std::size_t added) {
    if (added == 0 || tokens.size() < 2 || tokens[0] != "expect") return;
    auto const index = index_of(tokens[1]);
    if (!index) return;
    if (*index < added)
        tokens = {"with"};
    else
        tokens[1] = std::to_string(*index - added);
}

}  // namespace

void add_placed(settings::mistakes& to, settings::value const& table, std::string const& called,
                std::string_view told, std::size_t added) {
    descent down(table, called);
    auto const end = told.find(": ");
    if (!told.starts_with('/') || end == told.npos) return to.add(table.at, called, told);
    std::vector<std::string> tokens;
    for (auto const& token : settings::split(told.substr(1, end - 1), '/'))
        tokens.push_back(unescaped(token));
    count_from_own(tokens, added);
    for (auto const& token : tokens)
        down.step(token);
    to.add(down.at(), down.key(), told.substr(end + 2));
}

}  // namespace tollgate::control
