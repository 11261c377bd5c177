#include "oauth/model/resource_indicator.hpp"

#include <algorithm>

#include "oauth/model/errors.hpp"
#include "oauth/model/redirect_uri.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t longest_resource = 2048;

}  // namespace

outcome<std::vector<std::string>> named_resources(http::form const& f) {
    std::vector<std::string> resources;
    // RFC 8707 §2: there may be several.
    for (auto const uri : f.all("resource")) {
        if (uri.size() > longest_resource || !is_absolute_without_fragment(uri)) {
            return errors::invalid_target.because(
                "resource " + errors::told_value(uri) +
                " is no absolute URI without a fragment (RFC 8707 section 2)");
        }
        if (std::ranges::find(resources, uri) == resources.end()) resources.emplace_back(uri);
        if (resources.size() > most_resources)
            return errors::invalid_target.because("more than 10 resources were requested");
    }
    return resources;
}

bool is_served(std::string_view uri, http::place const& where, policy const& p) {
    return p.resources == accepted_resources::any || where.is_own_resource(uri) ||
           std::ranges::find(p.resource_list, uri) != p.resource_list.end();
}

problem not_served(std::string_view parameter, std::string_view uri, http::place const& where,
                   policy const& p) {
    auto known = p.resource_list;
    auto standard = where.default_resource();
    if (!standard.empty()) known.insert(known.begin(), std::move(standard));
    auto sentence =
        std::string(parameter) + ' ' + errors::told_value(uri) + " is not served here; ";
    sentence += known.empty() ? std::string("the MCP URL of an agent is")
                              : "served: " + errors::told_values(known, ", ", 10);
    return errors::invalid_target.because(std::move(sentence))
        .log("foreign " + std::string(parameter));
}

namespace {

outcome<std::vector<std::string>> served(std::vector<std::string> resources,
                                         http::place const& where, policy const& p) {
    for (auto const& uri : resources) {
        if (is_served(uri, where, p)) continue;
        return not_served("resource", uri, where, p);
    }
    return resources;
}

}  // namespace

outcome<std::vector<std::string>> requested_resources(http::form const& f, http::place const& where,
                                                      policy const& p) {
    auto resources = named_resources(f);
    if (!resources) return resources;
    if (!resources->empty()) return served(std::move(*resources), where, p);
    auto standard = where.default_resource();
    if (standard.empty()) {
        return errors::invalid_target.because(
            "each agent is a resource of its own here: name one with resource (RFC 8707 section "
            "2)");
    }
    resources->push_back(std::move(standard));
    return resources;
}

outcome<std::vector<std::string>> narrowed_resources(http::form const& f, http::place const& where,
                                                     std::vector<std::string> const& granted) {
    auto resources = named_resources(f);
    if (!resources) return resources;
    if (resources->empty()) return granted;
    for (auto const& uri : *resources) {
        auto const by = [&](std::string const& g) { return where.covers_resource(g, uri); };
        if (std::ranges::any_of(granted, by)) continue;
        return errors::invalid_target.because(
            "resource " + errors::told_value(uri) +
            " is not among those that were authorized: " + errors::told_values(granted, ", ", 10));
    }
    return resources;
}

}  // namespace tollgate::oauth
