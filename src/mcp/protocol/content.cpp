#include "mcp/protocol/content.hpp"

#include <utility>

namespace tollgate::mcp {

namespace {

json::object media_block(char const* type, std::string_view base64, std::string_view mime_type) {
    json::object block;
    block["type"] = type;
    block["data"] = view(base64);
    block["mimeType"] = view(mime_type);
    return block;
}

json::object contents_of(std::string_view uri, std::string_view mime_type) {
    json::object out;
    out["uri"] = view(uri);
    out["mimeType"] = view(mime_type);
    return out;
}

}  // namespace

json::object text_block(std::string_view text, json::storage_ptr memory) {
    json::object block(std::move(memory));
    block.reserve(2);
    block["type"] = "text";
    block["text"] = view(text);
    return block;
}

json::object image_block(std::string_view base64, std::string_view mime_type) {
    return media_block("image", base64, mime_type);
}

json::object audio_block(std::string_view base64, std::string_view mime_type) {
    return media_block("audio", base64, mime_type);
}

json::object resource_block(json::object contents) {
    json::object block;
    block["type"] = "resource";
    block["resource"] = std::move(contents);
    return block;
}

json::object link_block(std::string_view uri, std::string_view name, std::string_view description,
                        std::string_view mime_type) {
    auto block = contents_of(uri, mime_type);
    block["type"] = "resource_link";
    block["name"] = view(name);
    block["description"] = view(description);
    return block;
}

json::object text_contents(std::string_view uri, std::string_view mime_type,
                           std::string_view text) {
    auto out = contents_of(uri, mime_type);
    out["text"] = view(text);
    return out;
}

json::object blob_contents(std::string_view uri, std::string_view mime_type,
                           std::string_view base64) {
    auto out = contents_of(uri, mime_type);
    out["blob"] = view(base64);
    return out;
}

}  // namespace tollgate::mcp
