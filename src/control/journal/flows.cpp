#include "control/journal/flows.hpp"

namespace tollgate::control {

namespace {

constexpr std::size_t most = 1000;  // of each kind; then that kind begins anew

}  // namespace

std::string flows::find(names const& in, std::string_view key) {
    auto const at = in.find(key);
    return at == in.end() ? std::string() : at->second;
}

void flows::keep(names& in, std::string_view key, std::string const& value) {
    if (in.size() >= most) in.clear();
    in.insert_or_assign(std::string(key), value);
}

std::string flows::begin() {
    return "f" + std::to_string(next_++);
}

// Who comes without a token after a login is somebody else, or has forgotten it.
bool flows::begins_anew(http::exchange_facts const& f, std::string const& by_peer) const {
    return f.error == "missing_token" && family_of_.contains(by_peer);
}

std::string flows::of_client(std::string const& client, std::string const& by_peer) {
    auto known = find(clients_, client);
    if (!known.empty()) return known;
    // The peer's flow, unless another client has it already.
    known = by_peer.empty() || client_of_.contains(by_peer) ? begin() : by_peer;
    keep(clients_, client, known);
    keep(client_of_, known, client);
    return known;
}

std::string flows::of_family(http::exchange_facts const& f, std::string const& by_peer) {
    auto known = find(families_, f.family);
    if (!known.empty()) return known;
    known = f.client_id.empty() ? by_peer : of_client(f.client_id, by_peer);
    // A second login of the same client is a flow of its own.
    if (known.empty() || family_of_.contains(known)) known = begin();
    keep(families_, f.family, known);
    keep(family_of_, known, f.family);
    if (!f.client_id.empty()) {
        keep(clients_, f.client_id, known);
        keep(client_of_, known, f.client_id);
    }
    return known;
}

std::string flows::of(http::exchange_facts const& f, std::string_view peer) {
    auto const by_peer = find(peers_, peer);
    std::string flow;
    if (!f.family.empty())
        flow = of_family(f, by_peer);
    else if (!f.client_id.empty())
        flow = of_client(f.client_id, by_peer);
    else
        flow = by_peer.empty() || begins_anew(f, by_peer) ? begin() : by_peer;
    // Most often nothing has changed.
    if (!peer.empty() && flow != by_peer) keep(peers_, peer, flow);
    return flow;
}

std::string flows::known(http::exchange_facts const& f, std::string_view peer) const {
    std::string flow;
    if (!f.family.empty()) flow = find(families_, f.family);
    if (flow.empty() && !f.client_id.empty()) flow = find(clients_, f.client_id);
    return flow.empty() ? find(peers_, peer) : flow;
}

}  // namespace tollgate::control
