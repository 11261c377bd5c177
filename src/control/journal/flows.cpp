#include "control/journal/flows.hpp"

#include <charconv>

namespace tollgate::control {

namespace {

constexpr std::size_t most = 1000;  // of each kind; then that kind begins anew

std::string name_of(std::uint64_t flow) {
    return flow == 0 ? std::string() : "f" + std::to_string(flow);
}

}  // namespace

flows::number flows::find(numbers const& in, std::string_view key) {
    auto const at = in.find(key);
    return at == in.end() ? 0 : at->second;
}

void flows::keep(numbers& in, std::string_view key, number flow) {
    auto const at = in.find(key);
    if (at != in.end()) {
        at->second = flow;
        return;
    }
    if (in.size() >= most) in.clear();
    in.emplace(key, flow);
}

flows::number flows::begin() {
    auto const flow = next_++;
    if (owners_.size() < most)
        owners_.push_back({});
    else
        owners_[(flow - 1) % most] = {};
    return flow;
}

// So that `flow` is the latest; it must not have begun yet.
void flows::begin_at(number flow) {
    if (flow - next_ < most) {
        while (begin() != flow)
            continue;
        return;
    }
    owners_.assign(most, {});
    next_ = flow + 1;
}

// False for one so long ago that another stands in its place.
bool flows::is_kept(number flow) const noexcept {
    return flow != 0 && next_ - flow <= most;
}

flows::owners* flows::owners_of(number flow) {
    return is_kept(flow) ? &owners_[(flow - 1) % most] : nullptr;
}

bool flows::has_client(number flow) const {
    return is_kept(flow) && owners_[(flow - 1) % most].client;
}

bool flows::has_family(number flow) const {
    return is_kept(flow) && owners_[(flow - 1) % most].family;
}

// Who comes without a token after a login is somebody else, or has forgotten it.
bool flows::begins_anew(http::exchange_facts const& f, number by_peer) const {
    return f.error == "missing_token" && has_family(by_peer);
}

flows::number flows::of_client(std::string const& client, number by_peer) {
    auto known = find(clients_, client);
    if (known != 0) return known;
    // The peer's flow, unless another client has it already.
    known = by_peer == 0 || has_client(by_peer) ? begin() : by_peer;
    keep(clients_, client, known);
    if (auto* of = owners_of(known)) of->client = true;
    return known;
}

flows::number flows::of_family(http::exchange_facts const& f, number by_peer) {
    auto known = find(families_, f.family);
    if (known != 0) return known;
    known = f.client_id.empty() ? by_peer : of_client(f.client_id, by_peer);
    // A second login of the same client is a flow of its own.
    if (known == 0 || has_family(known)) known = begin();
    keep(families_, f.family, known);
    if (!f.client_id.empty()) keep(clients_, f.client_id, known);
    if (auto* of = owners_of(known)) {
        of->family = true;
        of->client = of->client || !f.client_id.empty();
    }
    return known;
}

std::string flows::of(http::exchange_facts const& f, std::string_view peer) {
    auto const by_peer = find(peers_, peer);
    number flow = 0;
    if (!f.family.empty())
        flow = of_family(f, by_peer);
    else if (!f.client_id.empty())
        flow = of_client(f.client_id, by_peer);
    else
        flow = by_peer == 0 || begins_anew(f, by_peer) ? begin() : by_peer;
    // Most often nothing has changed.
    if (!peer.empty() && flow != by_peer) keep(peers_, peer, flow);
    return name_of(flow);
}

void flows::note(std::string_view flow, std::string_view family, std::string_view client) {
    number n = 0;
    if (!flow.starts_with('f')) return;
    auto const* const end = flow.data() + flow.size();
    auto const [read, failed] = std::from_chars(flow.data() + 1, end, n);
    if (failed != std::errc() || read != end || n == 0) return;
    if (n >= next_) begin_at(n);
    if (!family.empty()) keep(families_, family, n);
    if (!client.empty()) keep(clients_, client, n);
    if (auto* of = owners_of(n)) {
        of->family = of->family || !family.empty();
        of->client = of->client || !client.empty();
    }
}

std::string flows::known(http::exchange_facts const& f, std::string_view peer) const {
    number flow = 0;
    if (!f.family.empty()) flow = find(families_, f.family);
    if (flow == 0 && !f.client_id.empty()) flow = find(clients_, f.client_id);
    return name_of(flow == 0 ? find(peers_, peer) : flow);
}

}  // namespace tollgate::control
