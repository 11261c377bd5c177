#include <algorithm>
#include <array>

#include "http/realm/resolver.hpp"

namespace tollgate::http {

namespace {

constexpr std::string_view well_known = "/.well-known/";
constexpr std::array<std::string_view, 3> inserted_documents{
    "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
    "/.well-known/oauth-protected-resource"};

// The first segment of `path` ("/a/b" → "a"); `path` keeps what follows it.
std::string_view take_segment(std::string_view& path) noexcept {
    if (path.empty()) return {};
    path.remove_prefix(1);
    auto const end = std::min(path.find('/'), path.size());
    auto const segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

// "/RUN/REVISION/SCENARIO…" behind "/s": false where it is none of these. `rest` is what follows.
bool split_cell(std::string_view& rest, cell_words const& cells, realm_path& found) {
    auto behind = rest;
    auto const run = take_segment(behind);
    auto const second = take_segment(behind);
    bool const wrong_run = cells.is_revision(run);
    if (!wrong_run && !cells.is_revision(second)) return false;
    auto const length = behind.empty() ? 0 : cells.scenario_in(behind.substr(1));
    found.named = realm_path::by::wrong_cell;
    found.run = run;
    found.revision = second;
    found.scenario = behind.empty() ? behind : behind.substr(1, length);
    if (length != 0 && !wrong_run) found.named = realm_path::by::scenario;
    rest = behind.empty() ? behind : behind.substr(1 + length);
    return true;
}

// "/r/NAME…", "/s/SCENARIO/RUN…" or "/s/RUN/REVISION/SCENARIO…"; `rest` is what follows the base.
realm_path split_base(std::string_view path, cell_words const* cells) {
    realm_path found;
    auto rest = path;
    auto const kind = take_segment(rest);
    if (kind == "r" && !rest.empty()) {
        found.named = realm_path::by::name;
        found.name = take_segment(rest);
    } else if (kind == "s" && cells != nullptr && split_cell(rest, *cells, found)) {
        // It has said so.
    } else if (kind == "s" && !rest.empty()) {
        found.named = realm_path::by::scenario;
        found.scenario = take_segment(rest);
        found.run = take_segment(rest);
    } else {
        rest = path;
    }
    found.base = path.substr(0, path.size() - rest.size());
    found.rest = rest;
    return found;
}

// The inserted document that `path` names, as a whole or with more path behind it.
std::string_view document_of(std::string_view path) noexcept {
    for (auto const d : inserted_documents) {
        if (path.starts_with(d) && (path.size() == d.size() || path[d.size()] == '/')) return d;
    }
    return {};
}

}  // namespace

realm_path split_realm_path(std::string_view path, cell_words const* cells) {
    if (path.starts_with(well_known)) {
        // RFC 8414 §3.1, RFC 9728 §3.1: the realm's path stands behind the inserted document.
        auto const document = document_of(path);
        auto found = split_base(path.substr(document.size()), cells);
        if (document.empty() || found.named == realm_path::by::origin) {
            found = realm_path{};
            found.rest = path;
        } else {
            found.rest.insert(0, document);
        }
        return found;
    }
    auto found = split_base(path, cells);
    bool const none =
        found.named == realm_path::by::origin || found.named == realm_path::by::wrong_cell;
    if (none) return found;
    auto const document = document_of(found.rest);
    // OpenID Connect Discovery 1.0 §4.1 appends; the other two documents are inserted only.
    if (!document.empty() && document != inserted_documents[1]) {
        found.named = realm_path::by::misplaced_well_known;
        found.rest = std::string(document) + found.base + found.rest.substr(document.size());
    } else if (found.rest.empty()) {
        found.rest = "/";
    }
    return found;
}

}  // namespace tollgate::http
