#include "control/journal/packed_event.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace tollgate::control {

namespace {

// Written in front of the texts.
struct head {
    std::uint64_t seq;
    std::uint64_t of;
    time_point time;
    time_point arrived;
    std::uint64_t request_size;
    std::uint64_t response_size;
    std::array<std::uint32_t, event_texts> lengths;
    event_type type;
    bool is_exchange;
    bool streamed;
};
static_assert(std::is_trivially_copyable_v<head>);
static_assert(alignof(head) <= 8);
constexpr std::size_t texts_at = sizeof(head);

constexpr char between_faults = '\0';

std::string joined(std::vector<std::string> const& names) {
    std::string all;
    for (auto const& one : names) {
        if (!all.empty()) all += between_faults;
        all += one;
    }
    return all;
}

std::vector<std::string> parted(std::string_view all) {
    std::vector<std::string> names;
    while (!all.empty()) {
        auto const end = std::min(all.find(between_faults), all.size());
        names.emplace_back(all.substr(0, end));
        all.remove_prefix(std::min(end + 1, all.size()));
    }
    return names;
}

head head_of(std::byte const* at) noexcept {
    head h;
    std::memcpy(&h, at, sizeof h);
    return h;
}

constexpr std::size_t rounded(std::size_t size) noexcept {
    return (size + 15) / 16 * 16;
}

// One text after another.
class text_reader {
public:
    text_reader(head const& h, std::byte const* at) noexcept
        : lengths_(h.lengths), next_(reinterpret_cast<char const*>(at) + texts_at) {}

    std::string_view operator()() noexcept {
        std::string_view const text(next_, lengths_[read_]);
        next_ += lengths_[read_++];
        return text;
    }

    void read(std::string& into) { into = (*this)(); }

private:
    std::array<std::uint32_t, event_texts> const& lengths_;
    std::size_t read_ = 0;
    char const* next_;
};

void read_facts(http::exchange_facts& f, text_reader& next) {
    for (auto* text : {&f.client_id, &f.subject, &f.grant_type, &f.family, &f.session,
                       &f.mcp_method, &f.tool, &f.decision, &f.error, &f.refused_by})
        next.read(*text);
    f.faults = parted(next());
}

void read_message(recorded_message& m, text_reader& next) {
    for (auto* text : {&m.start, &m.fields, &m.body})
        next.read(*text);
}

}  // namespace

packing::packing(event_draft const& e, std::string_view flow) : draft_(e) {
    take(event_text::endpoint, e.endpoint);
    take(event_text::flow, flow);
    take(event_text::outcome, e.outcome);
    take(event_text::stream_event, e.stream_event);
    take(event_text::stream_id, e.stream_id);
    take(event_text::stream_data, e.stream_data);
    if (e.facts != nullptr) take_facts(*e.facts);
    if (!e.mcp_method.empty()) take(event_text::mcp_method, e.mcp_method);
    if (e.exchange != nullptr) take_exchange(*e.exchange);
    size_ = texts_at;
    for (auto const& text : texts_)
        size_ += text.size();
    size_ = rounded(size_);
}

void packing::take_facts(http::exchange_facts const& f) {
    take(event_text::client_id, f.client_id);
    take(event_text::subject, f.subject);
    take(event_text::grant_type, f.grant_type);
    take(event_text::family, f.family);
    take(event_text::session, f.session);
    take(event_text::mcp_method, f.mcp_method);
    take(event_text::tool, f.tool);
    take(event_text::decision, f.decision);
    take(event_text::error, f.error);
    take(event_text::refused_by, f.refused_by);
    if (f.faults.empty()) return;
    faults_ = joined(f.faults);
    take(event_text::faults, faults_);
}

void packing::take_exchange(exchange_draft const& x) noexcept {
    take(event_text::request_start, x.request.start);
    take(event_text::request_fields, x.request.fields);
    take(event_text::request_body, x.request.body);
    take(event_text::response_start, x.response.start);
    take(event_text::response_fields, x.response.fields);
    take(event_text::response_body, x.response.body);
    take(event_text::peer, x.peer);
}

void packing::write(std::byte* at, std::uint64_t seq) const noexcept {
    head h{};
    h.seq = seq;
    h.of = draft_.of;
    h.time = draft_.time;
    h.type = draft_.type;
    if (auto const* x = draft_.exchange) {
        h.is_exchange = true;
        h.arrived = x->arrived;
        h.request_size = x->request.body_size;
        h.response_size = x->response.body_size;
        h.streamed = x->streamed;
    }
    auto* to = at + texts_at;
    for (std::size_t i = 0; i < event_texts; ++i) {
        auto const text = texts_[i];
        h.lengths[i] = static_cast<std::uint32_t>(text.size());
        if (text.empty()) continue;
        std::memcpy(to, text.data(), text.size());
        to += text.size();
    }
    std::memcpy(at, &h, sizeof h);
}

event_type packed_event::type() const noexcept {
    event_type type{};
    std::memcpy(&type, at_ + offsetof(head, type), sizeof type);
    return type;
}

bool packed_event::is_exchange() const noexcept {
    return head_of(at_).is_exchange;
}

std::string_view packed_event::text(event_text which) const noexcept {
    auto const place = static_cast<std::size_t>(which);
    std::array<std::uint32_t, event_texts> lengths;
    std::memcpy(&lengths, at_ + offsetof(head, lengths), sizeof lengths);
    std::size_t before = 0;
    for (std::size_t i = 0; i < place; ++i)
        before += lengths[i];
    return {reinterpret_cast<char const*>(at_) + texts_at + before, lengths[place]};
}

event_ptr packed_event::unpack() const {
    auto const h = head_of(at_);
    text_reader next(h, at_);
    auto e = std::make_shared<event>();
    e->seq = h.seq;
    e->of = h.of;
    e->time = h.time;
    e->type = h.type;
    for (auto* text :
         {&e->endpoint, &e->flow, &e->outcome, &e->stream_event, &e->stream_id, &e->stream_data})
        next.read(*text);
    read_facts(e->facts, next);
    if (!h.is_exchange) return e;
    auto x = std::make_shared<recorded_exchange>();
    read_message(x->request, next);
    read_message(x->response, next);
    next.read(x->peer);
    x->request.body_size = h.request_size;
    x->response.body_size = h.response_size;
    x->arrived = h.arrived;
    x->streamed = h.streamed;
    x->how = how_;
    e->exchange = std::move(x);
    return e;
}

std::string packed_layout() {
    constexpr int version =
        1;  // another one when what stands in the same places means something else
    using tick = time_point::period;
    static_assert(tick::num == 1);
    return std::to_string(version) + '.' + std::to_string(sizeof(head)) + '.' +
           std::to_string(event_texts) + '.' + std::to_string(tick::den);
}

std::optional<std::size_t> packed_size(std::string_view at) noexcept {
    if (at.size() < texts_at) return std::nullopt;
    auto const h = head_of(reinterpret_cast<std::byte const*>(at.data()));
    std::size_t size = texts_at;
    for (auto const length : h.lengths)
        size += length;
    size = rounded(size);
    if (size > at.size()) return std::nullopt;
    return size;
}

}  // namespace tollgate::control
