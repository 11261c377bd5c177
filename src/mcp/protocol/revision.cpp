#include "mcp/protocol/revision.hpp"

#include <algorithm>
#include <ostream>

namespace tollgate::mcp {

std::string_view to_string(revision r) noexcept {
    switch (r) {
        case revision::v2024_11_05:
            return "2024-11-05";
        case revision::v2025_03_26:
            return "2025-03-26";
        case revision::v2025_06_18:
            return "2025-06-18";
        case revision::v2025_11_25:
            return "2025-11-25";
        case revision::v2026_07_28:
            return "2026-07-28";
    }
    return "?";
}

std::optional<revision> parse_revision(std::string_view text) noexcept {
    for (auto const r : all_revisions) {
        if (text == to_string(r)) return r;
    }
    return std::nullopt;
}

std::ostream& operator<<(std::ostream& out, revision r) {
    return out << to_string(r);
}

std::ostream& operator<<(std::ostream& out, era e) {
    return out << (e == era::modern ? "modern" : "legacy");
}

revision_set::revision_set(std::vector<std::string> const& names) {
    for (auto const& name : names) {
        if (auto const r = parse_revision(name)) bits_ |= bit(*r);
    }
}

revision revision_set::oldest() const noexcept {
    for (auto const r : all_revisions) {
        if (has(r)) return r;
    }
    return revision::v2024_11_05;
}

std::vector<revision> revision_set::newest_first() const {
    std::vector<revision> out;
    for (auto const r : all_revisions) {
        if (has(r)) out.push_back(r);
    }
    std::reverse(out.begin(), out.end());
    return out;
}

namespace {

std::optional<revision> newest_of(revision_set const& set, bool modern) noexcept {
    std::optional<revision> newest;
    for (auto const r : all_revisions) {
        if (is_modern(r) == modern && set.has(r)) newest = r;
    }
    return newest;
}

// A date from 2026-07-28 on, known or not.
bool names_modern(std::string_view version) noexcept {
    constexpr std::string_view shape = "0000-00-00";
    if (version.size() != shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        auto const digit = version[i] >= '0' && version[i] <= '9';
        if (shape[i] == '0' ? !digit : version[i] != shape[i]) return false;
    }
    // Dates of that shape compare as text.
    return version >= to_string(revision::v2026_07_28);
}

}  // namespace

std::optional<revision> revision_set::newest_legacy() const noexcept {
    return newest_of(*this, false);
}

std::optional<revision> revision_set::newest_modern() const noexcept {
    return newest_of(*this, true);
}

era era_of(version_claim const& claim, revision_set spoken) noexcept {
    if (!spoken.has_modern()) return era::legacy;
    if (!spoken.has_legacy()) return era::modern;
    if (claim.meta) {
        // A modern header beside a legacy body is a mismatch, and the modern rules have the error.
        if (names_modern(claim.header)) return era::modern;
        auto const known = parse_revision(*claim.meta);
        return known && !is_modern(*known) ? era::legacy : era::modern;
    }
    if (claim.initialize) return era::legacy;
    return names_modern(claim.header) ? era::modern : era::legacy;
}

}  // namespace tollgate::mcp
