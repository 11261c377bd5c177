#include "http/realm/endpoint_paths.hpp"

namespace tollgate::http {

std::shared_ptr<endpoint_paths const> const& standard_endpoint_paths() {
    static auto const paths = std::make_shared<endpoint_paths const>();
    return paths;
}

std::string endpoint_paths::moved(std::string_view standard) const {
    auto const& usual = *standard_endpoint_paths();
    for (auto const& [name, path] : named_endpoint_paths) {
        std::string_view const from = usual.*path;
        if (!standard.starts_with(from)) continue;
        auto const rest = standard.substr(from.size());
        if (rest.empty() || rest.front() == '/') return this->*path + std::string(rest);
    }
    return std::string(standard);
}

}  // namespace tollgate::http
