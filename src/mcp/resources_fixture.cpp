// The resources that the official conformance suite expects.
#include <boost/json/serialize.hpp>

#include "mcp/content.hpp"
#include "mcp/resource.hpp"

namespace tollgate::mcp {

namespace {

constexpr char text_uri[] = "test://static-text";
constexpr char binary_uri[] = "test://static-binary";
constexpr char watched_uri[] = "test://watched-resource";

json::object read_text(call const&) {
    return text_contents(text_uri, "text/plain",
                         "This is the content of the static text resource.");
}

json::object read_binary(call const&) {
    return blob_contents(binary_uri, "image/png", samples::png);
}

json::object read_watched(call const&) {
    return text_contents(watched_uri, "text/plain", "Watched resource content");
}

std::optional<json::object> read_template(call const&, std::string_view uri,
                                          uri_template::values const& values) {
    auto const& id = values.at("id");
    json::object data;
    data["id"] = id;
    data["templateTest"] = true;
    data["data"] = "Data for ID: " + id;
    return text_contents(uri, "application/json", json::serialize(data));
}

}  // namespace

resource const static_text_fixture{
    .uri = text_uri,
    .name = "static-text",
    .title = "Static text",
    .description = "A text for the conformance suite.",
    .mime_type = "text/plain",
    .when = as_fixture,
    .read = &read_text,
};

resource const static_binary_fixture{
    .uri = binary_uri,
    .name = "static-binary",
    .title = "Static binary",
    .description = "An image for the conformance suite.",
    .mime_type = "image/png",
    .when = as_fixture,
    .read = &read_binary,
};

resource const watched_fixture{
    .uri = watched_uri,
    .name = "watched-resource",
    .title = "Watched resource",
    .description = "A resource to subscribe to; test_trigger_resource_update says that it changed.",
    .mime_type = "text/plain",
    .changes = true,
    .when = as_fixture,
    .read = &read_watched,
};

resource_template const template_fixture{
    .uri_template = "test://template/{id}/data",
    .name = "template",
    .title = "Template",
    .description = "A template for the conformance suite.",
    .mime_type = "application/json",
    .when = as_fixture,
    .read = &read_template,
};

}  // namespace tollgate::mcp
