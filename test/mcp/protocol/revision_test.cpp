#include "mcp/protocol/revision.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::mcp;

namespace {

revision_set const every({"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"});

era era_for(std::optional<std::string_view> meta, std::string_view header, bool initialize = false,
            revision_set spoken = every) {
    version_claim c;
    c.meta = meta;
    c.header = header;
    c.initialize = initialize;
    return era_of(c, spoken);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_revision)

BOOST_AUTO_TEST_CASE(every_revision_is_read_back_from_its_name) {
    for (auto const r : all_revisions)
        BOOST_TEST(parse_revision(to_string(r)).value() == r);
    BOOST_TEST(!parse_revision("2025-01-01").has_value());
    BOOST_TEST(!parse_revision("").has_value());
}

BOOST_AUTO_TEST_CASE(a_set_knows_the_newest_of_each_era) {
    revision_set const s({"2025-06-18", "2025-03-26", "2026-07-28", "nonsense"});
    BOOST_TEST(s.newest_legacy().value() == revision::v2025_06_18);
    BOOST_TEST(s.newest_modern().value() == revision::v2026_07_28);
    BOOST_TEST(!s.has(revision::v2025_11_25));
    BOOST_TEST(s.newest_first().front() == revision::v2026_07_28);
    BOOST_TEST(s.newest_first().size() == 3u);
    BOOST_TEST(!revision_set({"2025-06-18"}).has_modern());
    BOOST_TEST(!revision_set({"2026-07-28"}).has_legacy());
}

BOOST_AUTO_TEST_CASE(the_version_in_the_body_decides_the_era) {
    BOOST_TEST(era_for("2026-07-28", "2026-07-28") == era::modern);
    BOOST_TEST(era_for("2026-07-28", "") == era::modern);
    BOOST_TEST(era_for("v999.0.0", "v999.0.0") == era::modern);
    BOOST_TEST(era_for("2025-11-25", "2025-11-25") == era::legacy);
    // A mismatch: the modern rules have the error for it (-32020).
    BOOST_TEST(era_for("2025-11-25", "2026-07-28") == era::modern);
    // 2026-07-28: the claim wins over initialize, which modern servers do not know.
    BOOST_TEST(era_for("2026-07-28", "2026-07-28", true) == era::modern);
}

BOOST_AUTO_TEST_CASE(the_header_decides_where_the_body_is_silent) {
    BOOST_TEST(era_for(std::nullopt, "2026-07-28") == era::modern);
    BOOST_TEST(era_for(std::nullopt, "2027-01-01") == era::modern);
    BOOST_TEST(era_for(std::nullopt, "2025-11-25") == era::legacy);
    BOOST_TEST(era_for(std::nullopt, "") == era::legacy);
    BOOST_TEST(era_for(std::nullopt, "v999.0.0") == era::legacy);
    BOOST_TEST(era_for(std::nullopt, "2026-07-2x") == era::legacy);
}

BOOST_AUTO_TEST_CASE(initialize_is_legacy_whatever_the_header_says) {
    BOOST_TEST(era_for(std::nullopt, "2026-07-28", true) == era::legacy);
}

BOOST_AUTO_TEST_CASE(a_realm_of_one_era_takes_everything_for_that_era) {
    revision_set const old({"2025-11-25"});
    revision_set const fresh({"2026-07-28"});
    BOOST_TEST(era_for("2026-07-28", "2026-07-28", false, old) == era::legacy);
    BOOST_TEST(era_for(std::nullopt, "", true, fresh) == era::modern);
}

BOOST_AUTO_TEST_SUITE_END()
