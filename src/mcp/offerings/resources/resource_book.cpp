#include "mcp/offerings/resources/resource_book.hpp"

#include "mcp/protocol/content.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace {

json::array names_of(audience a) {
    json::array out;
    if (a != audience::assistant) out.emplace_back("user");
    if (a != audience::user) out.emplace_back("assistant");
    return out;
}

// What resources and templates have in common, as the revision knows it.
template <class Described>
json::object describe(Described const& r, char const* uri_member, std::string_view uri,
                      revision v) {
    json::object out;
    out[uri_member] = view(uri);
    out["name"] = view(r.name);
    if (v >= revision::v2025_06_18) out["title"] = view(r.title);
    out["description"] = view(r.description);
    out["mimeType"] = view(r.mime_type);
    return out;
}

json::object describe_resource(resource const& r, revision v) {
    auto out = describe(r, "uri", r.uri, v);
    if (r.icon && v >= revision::v2025_11_25) out["icons"] = icons();
    json::object annotations;
    annotations["audience"] = names_of(r.for_whom);
    annotations["priority"] = r.priority;
    out["annotations"] = std::move(annotations);
    return out;
}

}  // namespace

resource_book::resource_book(std::span<resource const* const> resources,
                             std::span<resource_template const* const> templates) {
    for (auto const* const r : resources) {
        resources_.push_back(r);
        resource_list_.add(r->uri, r->available,
                           [r](revision v) { return describe_resource(*r, v); });
    }
    for (auto const* const t : templates) {
        templates_.push_back({t, uri_template(t->uri_template)});
        template_list_.add(t->uri_template, t->available, [t](revision v) {
            return describe(*t, "uriTemplate", t->uri_template, v);
        });
    }
}

std::optional<resource_book::contents> resource_book::read(call const& c,
                                                           std::string_view uri) const {
    auto const wanted = normalized_uri(uri);
    for (auto const* const r : resources_) {
        if (r->uri == wanted && r->available.holds(c.policy, c.revision)) {
            return contents{r->read(c), r->depends_on_caller, r->changes};
        }
    }
    for (auto const& t : templates_) {
        if (!t.resource_template->available.holds(c.policy, c.revision)) continue;
        auto const values = t.form.match(wanted);
        if (!values) continue;
        // As it was sent: the contents name the URI that was asked for.
        if (auto found = t.resource_template->read(c, uri, *values))
            return contents{std::move(*found)};
    }
    return std::nullopt;
}

resource_book::template_entry const* resource_book::find_template(
    call const& c, std::string_view text) const noexcept {
    for (auto const& t : templates_) {
        if (t.resource_template->uri_template == text &&
            t.resource_template->available.holds(c.policy, c.revision))
            return &t;
    }
    return nullptr;
}

}  // namespace tollgate::mcp
