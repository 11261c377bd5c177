// The resources that are always there.
#include <boost/json/serialize.hpp>

#include "mcp/offerings/resources/resource.hpp"
#include "mcp/offerings/tools/whoami.hpp"
#include "mcp/protocol/content.hpp"

namespace tollgate::mcp {

namespace {

constexpr char whoami_uri[] = "tollgate://whoami";
constexpr char text_uri[] = "tollgate://text";
constexpr char image_uri[] = "tollgate://image.png";

json::object read_whoami(call const& c) {
    return text_contents(whoami_uri, "application/json", json::serialize(identity_of(c)));
}

json::object read_text(call const&) {
    return text_contents(text_uri, "text/plain",
                         "A text that is the same for everybody. If you can read it, your client "
                         "may read resources here.\n");
}

json::object read_image(call const&) {
    return blob_contents(image_uri, "image/png", samples::png);
}

std::optional<json::object> read_greeting(call const&, std::string_view uri,
                                          uri_template::values const& values) {
    return text_contents(uri, "text/plain", "Hello, " + values.at("name") + '!');
}

std::vector<std::string> suggest_name(std::string_view) {
    return {"Ada", "Alan", "Barbara", "Donald", "Edsger", "Grace"};
}

}  // namespace

resource const whoami_resource{
    .uri = whoami_uri,
    .name = "whoami",
    .title = "Who am I",
    .description = "The identity, scopes and audience of the access token that reads it.",
    .mime_type = "application/json",
    .priority = 1.0,
    .depends_on_caller = true,
    .icon = true,
    .read = &read_whoami,
};

resource const text_resource{
    .uri = text_uri,
    .name = "text",
    .title = "A text",
    .description = "A short text that never changes.",
    .mime_type = "text/plain",
    .read = &read_text,
};

resource const image_resource{
    .uri = image_uri,
    .name = "image.png",
    .title = "An image",
    .description = "One red pixel: binary contents.",
    .mime_type = "image/png",
    .for_whom = audience::user,
    .priority = 0.1,
    .read = &read_image,
};

resource_template const greeting_template{
    .uri_template = "tollgate://greeting/{name}",
    .name = "greeting",
    .title = "A greeting",
    .description = "Greets whoever the URI names.",
    .mime_type = "text/plain",
    .read = &read_greeting,
    .suggest = &suggest_name,
};

}  // namespace tollgate::mcp
