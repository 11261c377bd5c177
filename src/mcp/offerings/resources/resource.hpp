// Resource: what one is. To add one: a `resource const` in a file resources/NAME.cpp, a line in
// resource_book.cpp.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "mcp/call/call.hpp"
#include "mcp/offerings/availability.hpp"
#include "mcp/protocol/uri_template.hpp"

namespace tollgate::mcp {

enum class audience { user, assistant, both };

// Written with designated initializers.
struct resource {
    std::string_view uri{};
    std::string_view name{};
    std::string_view title{};
    std::string_view description{};
    std::string_view mime_type{};
    audience for_whom = audience::both;  // annotations.audience
    double priority = 0.5;               // annotations.priority
    bool depends_on_caller = false;      // its contents may not be shared between callers
    bool changes = false;                // its contents are not the same for long
    bool icon = false;
    availability available{};
    // The contents (content.hpp).
    json::object (*read)(call const& c) = nullptr;
};

struct resource_template {
    std::string_view uri_template{};  // RFC 6570, level 1
    std::string_view name{};
    std::string_view title{};
    std::string_view description{};
    std::string_view mime_type{};
    availability available{};
    // The contents of `uri`, which expands to `values`; nothing when there is no such resource.
    std::optional<json::object> (*read)(call const& c, std::string_view uri,
                                        uri_template::values const& values) = nullptr;
    // Values for the argument `name` (methods/completion.cpp); nullptr: none are known.
    std::vector<std::string> (*suggest)(std::string_view name) = nullptr;
};

extern resource const whoami_resource;
extern resource const text_resource;
extern resource const image_resource;
extern resource_template const greeting_template;

extern resource const static_text_fixture;
extern resource const static_binary_fixture;
extern resource const watched_fixture;
extern resource_template const template_fixture;

}  // namespace tollgate::mcp
