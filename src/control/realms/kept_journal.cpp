#include "control/realms/kept_journal.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "control/journal/packed_event.hpp"

namespace tollgate::control {

namespace {

namespace json = boost::json;

// One letter an event.
constexpr std::string_view letters = "pdc";

std::string text_of(std::vector<delivery> const& how) {
    std::string text;
    text.reserve(how.size());
    for (auto const one : how)
        text += letters[static_cast<std::size_t>(one)];
    return text;
}

std::vector<delivery> deliveries_in(std::string_view text) {
    std::vector<delivery> how;
    how.reserve(text.size());
    for (auto const letter : text)
        how.push_back(static_cast<delivery>(std::min(letters.find(letter), letters.size() - 1)));
    return how;
}

struct key_numbers {
    std::uint64_t first = 0;
    std::uint64_t writing = 0;
};

// Of a text that is no key: zeros.
key_numbers numbers_in(std::string_view key) noexcept {
    key_numbers n;
    auto const* const end = key.data() + key.size();
    auto const [dot, failed] = std::from_chars(key.data(), end, n.first);
    if (failed == std::errc() && dot != end) std::from_chars(dot + 1, end, n.writing);
    return n;
}

}  // namespace

// A key for each realm: how often one may seal is bounded (base/sealer.cpp).
kept_journal::kept_journal(std::string_view secret, std::string realm)
    : realm_(std::move(realm)), sealer_(secret, "journal of " + realm_) {}

oauth::kept_record kept_journal::record_of(event_batch const& b) {
    json::object o;
    o["first"] = b.first;
    if (!b.how.empty()) {
        o["layout"] = packed_layout();
        o["how"] = text_of(b.how);
        o["events"] = sealer_.seal(b.events, std::to_string(b.first));
    }
    auto key = std::to_string(b.first) + '.' + std::to_string(++writings_);
    return {oauth::kind::journal, std::move(key),
            oauth::record(json::serialize(o), {}, time_point::max())};
}

std::optional<event_batch> kept_journal::batch_of(std::string_view body) const {
    try {
        auto const document = json::parse(body);
        auto const& o = document.as_object();
        event_batch b;
        b.first = o.at("first").to_number<std::uint64_t>();
        if (!o.contains("events")) return b;
        b.how = deliveries_in(o.at("how").as_string());
        if (o.at("layout").as_string() != packed_layout()) return b;
        auto events = sealer_.open(o.at("events").as_string(), std::to_string(b.first));
        if (events) b.events = std::move(*events);
        return b;
    } catch (std::exception const&) {
        return std::nullopt;
    }
}

void kept_journal::note_unfinished() {
    auto const waits = [](kept_batch const& b) { return !b.pending.empty(); };
    unfinished_ = !useless.empty() || std::ranges::any_of(batches, waits);
}

void kept_journal::note_key(std::string_view key) {
    writings_ = std::max(writings_.load(), numbers_in(key).writing);
}

bool kept_journal::comes_before(std::string const& a, std::string const& b) noexcept {
    auto const one = numbers_in(a), other = numbers_in(b);
    if (one.first != other.first) return one.first < other.first;
    return one.writing > other.writing;
}

kept_batch kept_batch_of(std::string key, event_batch const& b) {
    kept_batch kept;
    kept.key = std::move(key);
    kept.first = b.first;
    kept.end = b.end();
    kept.bytes = b.events.size();
    std::size_t at = 0;
    for (std::size_t i = 0; i < b.how.size(); ++i) {
        auto const rest = std::string_view(b.events).substr(at);
        packed_event const e(reinterpret_cast<std::byte const*>(rest.data()), b.how[i]);
        if (b.how[i] == delivery::pending && e.is_exchange()) kept.pending.push_back(b.first + i);
        at += packed_size(rest).value_or(rest.size());
    }
    return kept;
}

}  // namespace tollgate::control
