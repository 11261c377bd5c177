// The revisions of the protocol, and which of its two eras a request belongs to.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::mcp {

enum class revision : unsigned char {
    v2024_11_05,
    v2025_03_26,
    v2025_06_18,
    v2025_11_25,
    v2026_07_28
};

inline constexpr revision all_revisions[] = {revision::v2024_11_05, revision::v2025_03_26,
                                             revision::v2025_06_18, revision::v2025_11_25,
                                             revision::v2026_07_28};

std::string_view to_string(revision r) noexcept;
std::optional<revision> parse_revision(std::string_view text) noexcept;
std::ostream& operator<<(std::ostream& out, revision r);

// 2026-07-28, "Versioning": modern revisions carry version and capabilities in each request,
// legacy ones begin with an `initialize` handshake.
constexpr bool is_modern(revision r) noexcept {
    return r >= revision::v2026_07_28;
}

// The revisions that a realm speaks.
class revision_set {
public:
    revision_set() = default;
    // Names that are no revision are left out: the configuration has refused them.
    explicit revision_set(std::vector<std::string> const& names);

    bool has(revision r) const noexcept { return (bits_ & bit(r)) != 0; }
    bool has_modern() const noexcept { return newest_modern().has_value(); }
    bool has_legacy() const noexcept { return newest_legacy().has_value(); }
    std::optional<revision> newest_legacy() const noexcept;
    std::optional<revision> newest_modern() const noexcept;
    // 2024-11-05 when there is none.
    revision oldest() const noexcept;
    std::vector<revision> newest_first() const;

private:
    static constexpr unsigned bit(revision r) noexcept { return 1u << static_cast<unsigned>(r); }
    unsigned bits_ = 0;
};

enum class era { legacy, modern };
std::ostream& operator<<(std::ostream& out, era e);

// What a request says about its version, before anybody has judged it.
struct version_claim {
    std::optional<std::string_view>
        meta;                 // params._meta["io.modelcontextprotocol/protocolVersion"]
    std::string_view header;  // MCP-Protocol-Version; empty when absent
    bool initialize = false;  // the legacy handshake, whatever the header says
};

// 2026-07-28, "Versioning", dual-era servers: a request that carries the per-request version is
// served by this revision's rules, `initialize` selects the legacy ones. The body decides; the
// header alone does where the body is silent. A realm of one era treats everything as that era.
era era_of(version_claim const& claim, revision_set spoken) noexcept;

}  // namespace tollgate::mcp
