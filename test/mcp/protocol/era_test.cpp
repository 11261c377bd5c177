// Sets of revisions and the two eras at their edges.
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "mcp/protocol/revision.hpp"

using namespace tollgate::mcp;

namespace {

revision_set const both({"2025-11-25", "2026-07-28"});

era era_for(std::optional<std::string_view> meta, std::string_view header, bool initialize,
            revision_set spoken) {
    version_claim c;
    c.meta = meta;
    c.header = header;
    c.initialize = initialize;
    return era_of(c, spoken);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_era)

// MCP 2026-07-28, Versioning: revisions are dates, and this one is the first of its era.
BOOST_AUTO_TEST_CASE(revisions_are_ordered_by_their_dates_and_one_begins_the_modern_era) {
    std::string_view last;
    for (auto const r : all_revisions) {
        BOOST_TEST(last < to_string(r));
        BOOST_TEST(is_modern(r) == (to_string(r) >= "2026-07-28"));
        last = to_string(r);
    }
}

BOOST_AUTO_TEST_CASE(a_revision_is_spelled_exactly) {
    for (auto const* other : {"2025-11-25 ", " 2025-11-25", "2025-11-2", "2025-11-255",
                              "2025/11/25", "20251125", "latest", "DRAFT-2026-v1"}) {
        BOOST_TEST(!parse_revision(other).has_value(), other);
    }
}

BOOST_AUTO_TEST_CASE(a_set_names_its_revisions_newest_first_whatever_order_they_came_in) {
    revision_set const s({"2025-03-26", "2026-07-28", "2025-03-26", "2024-11-05"});
    std::vector<revision> const expected{revision::v2026_07_28, revision::v2025_03_26,
                                         revision::v2024_11_05};
    BOOST_TEST(s.newest_first() == expected, boost::test_tools::per_element());
    BOOST_TEST(s.oldest() == revision::v2024_11_05);
    BOOST_TEST(revision_set({"2026-07-28"}).oldest() == revision::v2026_07_28);
}

BOOST_AUTO_TEST_CASE(an_empty_set_has_no_newest_of_either_era) {
    revision_set const none;
    BOOST_TEST(none.newest_first().empty());
    BOOST_TEST(!none.newest_legacy().has_value());
    BOOST_TEST(!none.newest_modern().has_value());
    BOOST_TEST(none.oldest() == revision::v2024_11_05);
    for (auto const r : all_revisions)
        BOOST_TEST(!none.has(r));
}

// MCP 2026-07-28, Versioning, dual-era servers: a version in the body that is not a legacy one is
// judged by the modern rules, which have an error for it.
BOOST_AUTO_TEST_CASE(a_version_in_the_body_that_nobody_knows_is_modern) {
    for (auto const* meta : {"", "1.0", "2025-11-24", "2027-01-01", "2026-07-28 "})
        BOOST_TEST(era_for(meta, "", false, both) == era::modern, meta);
}

BOOST_AUTO_TEST_CASE(a_header_is_modern_from_the_date_of_the_first_modern_revision_on) {
    struct row {
        char const* header;
        era wanted;
    };
    row const rows[] = {{"2026-07-27", era::legacy}, {"2026-07-28", era::modern},
                        {"2026-07-29", era::modern}, {"9999-99-99", era::modern},
                        {"2026-7-28", era::legacy},  {"2026-07-28x", era::legacy},
                        {"2026_07_28", era::legacy}, {"x026-07-28", era::legacy}};
    for (auto const& r : rows)
        BOOST_TEST(era_for(std::nullopt, r.header, false, both) == r.wanted, r.header);
}

BOOST_AUTO_TEST_CASE(eras_and_revisions_are_printed_by_their_names) {
    std::ostringstream out;
    out << era::legacy << ' ' << era::modern << ' ' << revision::v2025_06_18;
    BOOST_TEST(out.str() == "legacy modern 2025-06-18");
}

BOOST_AUTO_TEST_SUITE_END()
