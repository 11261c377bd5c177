#include "control/expectations/expectation.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "control/expectations/predicates.hpp"
#include "mcp/protocol/revision.hpp"

namespace tollgate::control {

namespace {

struct row {
    std::string_view name;
    predicates::predicate_ptr (*read)(object_reader& in);
};

constexpr row rows[] = {
    {"count", &predicates::read_count},
    {"never", &predicates::read_never},
    {"between", &predicates::read_between},
    {"order", &predicates::read_order},
    {"after", &predicates::read_after},
    {"within", &predicates::read_within},
    {"equal", &predicates::read_equal},
    {"differ", &predicates::read_differ},
    {"same", &predicates::read_same},
    {"contains", &predicates::read_contains},
    {"every", &predicates::read_every},
    {"words", &predicates::read_words},
    {"pkce", &predicates::read_pkce},
    {"shape", &predicates::read_shape},
    {"resource_told", &predicates::read_resource_told},
    {"as_change", &predicates::read_as_change},
    {"assertion", &predicates::read_assertion},
    {"typed", &predicates::read_typed},
    {"of_revision", &predicates::read_of_revision},
    {"equals", &predicates::read_equals},
    {"standard_headers", &predicates::read_standard_headers},
    {"param_headers", &predicates::read_param_headers},
    {"stream_retry", &predicates::read_stream_retry},
};

constexpr std::string_view levels[] = {"MUST", "SHOULD"};

predicates::predicate_ptr read_predicate(object_reader& in, row const& r) {
    auto const* table = in.object(r.name);
    if (!table) return nullptr;
    object_reader inner(*table, in.pointer(r.name));
    auto made = r.read(inner);
    auto const ok = inner.finish();
    if (!ok) in.fail(ok.error());
    return made;
}

}  // namespace

std::vector<std::string> read_eras(object_reader& in) {
    auto eras = in.texts("eras");
    for (std::size_t i = 0; i < eras.size(); ++i) {
        if (mcp::parse_revision(eras[i])) continue;
        std::vector<std::string_view> known;
        for (auto const r : mcp::all_revisions)
            known.push_back(to_string(r));
        in.fail(mistake(pointer_to(in.pointer("eras"), std::to_string(i)),
                        '"' + printable(eras[i], 40) +
                            "\" is no revision of MCP; the nearest is \"" +
                            std::string(nearest_name(eras[i], known)) + '"'));
    }
    return eras;
}

expectation read_expectation(object_reader& in) {
    expectation e;
    e.id = in.need("id", "a name").sentence("id", 80).value_or("");
    e.must = in.need("level", "MUST or SHOULD").choice("level", levels).value_or(0) == 0;
    e.report = in.boolean("report").value_or(false);
    e.optional = in.boolean("optional").value_or(false);
    e.eras = read_eras(in);
    e.text = in.need("text", "a sentence").sentence("text", 300).value_or("");
    e.broken = in.need("broken", "a sentence").sentence("broken", 300).value_or("");
    e.clause = in.need("clause", "a clause").sentence("clause", 256).value_or("");
    e.url = in.need("url", "where it can be read").text("url", 300).value_or("");
    if (!e.url.starts_with("https://") && !e.url.starts_with("http://"))
        in.fail("url", "expected where the clause can be read, a URL of https or http");
    for (auto const& r : rows) {
        auto made = read_predicate(in, r);
        if (!made) continue;
        if (e.holds) in.fail(r.name, "is a second predicate: an expectation has one");
        e.holds = std::move(made);
    }
    // A name that is no predicate's is the better story.
    if (auto const known = in.finish(); known && !e.holds)
        in.fail("id", "\"" + e.id + "\" has no predicate: count, never, order, …");
    return e;
}

}  // namespace tollgate::control
