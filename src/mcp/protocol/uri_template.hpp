// URI templates of level 1 (RFC 6570 §1.2): {name} stands for one value. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::mcp {

// The text that all equivalent spellings of a URI have in common (RFC 3986 §6.2.2): scheme and
// authority in lower case, unreserved characters as themselves and not percent-encoded (§2.3), the
// other percent-encodings in upper case (§2.1).
std::string normalized_uri(std::string_view uri);

class uri_template {
public:
    using values = std::map<std::string, std::string, std::less<>>;

    // `text` outlives the template. Throws std::logic_error unless it is one of level 1 in which
    // no two expressions touch: otherwise nobody could tell where one value ends.
    explicit uri_template(std::string_view text);

    std::string_view text() const noexcept { return text_; }
    std::vector<std::string_view> names() const;
    // The values with which the template expands to `uri`, percent-decoded; nothing when it does
    // not, or when a value would be empty. A value is what may stand in one segment: every pchar as
    // itself (RFC 3986 §3.3) or percent-encoded, which is more than an expansion of level 1 makes
    // and just what encodeURIComponent and the like do. `uri` is normalized.
    std::optional<values> match(std::string_view uri) const;

private:
    struct part {
        std::string_view literal;  // before the expression
        std::string_view name;     // empty: there is none, this is the end
    };

    std::string_view text_;
    std::vector<part> parts_;
};

}  // namespace tollgate::mcp
