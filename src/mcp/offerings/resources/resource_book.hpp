// Resource book: all resources and templates, and their lists as each revision wants to see them.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mcp/offerings/listing.hpp"
#include "mcp/offerings/resources/resource.hpp"

namespace tollgate::mcp {

class resource_book {
public:
    struct template_entry {
        mcp::resource_template const* resource_template;
        uri_template form;
    };
    struct contents {
        json::object value;
        bool depends_on_caller = false;
        bool changes = false;
    };

    // Throws when a URI or template comes twice or is malformed: a bug found at start.
    resource_book(std::span<resource const* const> resources,
                  std::span<resource_template const* const> templates);

    // Nothing when this realm and revision know no such resource.
    std::optional<contents> read(call const& c, std::string_view uri) const;
    // By the text of the template.
    template_entry const* find_template(call const& c, std::string_view text) const noexcept;

    listing const& resources() const noexcept { return resource_list_; }
    listing const& templates() const noexcept { return template_list_; }

private:
    std::vector<resource const*> resources_;
    std::vector<template_entry> templates_;
    listing resource_list_{"resources"};
    listing template_list_{"resourceTemplates"};
};

}  // namespace tollgate::mcp
