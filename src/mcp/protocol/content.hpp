// Blocks of content, as tool results and prompt messages hold them, and contents of resources.
// Everything here is allowed in every revision, except where it says otherwise.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

namespace tollgate::mcp {

namespace json = boost::json;

// boost::json does not take a std::string_view for a value.
inline json::string_view view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

json::object text_block(std::string_view text, json::storage_ptr memory = {});
// `base64`: RFC 4648 §4.
json::object image_block(std::string_view base64, std::string_view mime_type);
json::object audio_block(std::string_view base64, std::string_view mime_type);  // from 2025-03-26
// An embedded resource; `contents` as below.
json::object resource_block(json::object contents);
// A link to a resource; from 2025-06-18.
json::object link_block(std::string_view uri, std::string_view name, std::string_view description,
                        std::string_view mime_type);

json::object text_contents(std::string_view uri, std::string_view mime_type, std::string_view text);
json::object blob_contents(std::string_view uri, std::string_view mime_type,
                           std::string_view base64);

namespace samples {
// One red pixel.
inline constexpr std::string_view png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQm"
    "CC";
// A WAV file of eight samples of silence: mono, 8 bits, 8000 a second.
inline constexpr std::string_view wav =
    "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==";
}  // namespace samples

}  // namespace tollgate::mcp
