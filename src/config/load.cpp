#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "config/loading.hpp"

namespace tollgate {
namespace {

using namespace settings;
namespace fs = std::filesystem;

constexpr auto usual_file = "config.toml";

std::optional<std::string> contents_of(std::string const& file, mistakes& wrong) {
    std::error_code ignored;
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (fs::is_directory(file, ignored)) {
        wrong.add_line(file + ": is a folder, not a configuration file");
        return std::nullopt;
    }
    if (!in) {
        wrong.add_line(file + ": cannot be read: " + std::strerror(errno));
        return std::nullopt;
    }
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// False when there is a file and it could not be understood as TOML.
bool apply_file(loading& l, std::string file) {
    std::error_code ignored;
    if (file.empty() && fs::exists(usual_file, ignored)) file = usual_file;
    if (file.empty()) return true;
    l.file = file;
    auto const parent = fs::path(file).parent_path();
    if (!parent.empty()) l.result.folder = parent.string();
    auto const text = contents_of(file, l.wrong);
    if (!text) return false;
    auto const document = parse_document(*text, file, l.wrong);
    if (!document) return false;
    apply_table(l, *document, "");
    return true;
}

void apply_set(loading& l, std::string const& assignment) {
    auto const equals = assignment.find('=');
    auto const key = std::string(trim(std::string_view(assignment).substr(0, equals)));
    if (equals == std::string::npos || key.empty())
        return l.wrong.add_line("--set " + tollgate::printable(assignment.substr(0, equals)) +
                                ": expected KEY=VALUE");
    apply_override(l, key, assignment.substr(equals + 1),
                   {"--set " + tollgate::printable(key), key});
}

// certs/localhost.pem beside the configuration is what `tollgate certs` writes.
void pick_up_certificate(config& c) {
    if (!c.tls.certificate.empty() || !c.tls.private_key.empty()) return;
    auto const folder = fs::path(c.folder) / "certs";
    auto const certificate = (folder / "localhost.pem").lexically_normal();
    auto const key = (folder / "localhost-key.pem").lexically_normal();
    std::error_code ignored;
    if (!fs::exists(certificate, ignored) || !fs::exists(key, ignored)) return;
    c.tls.certificate = certificate.string();
    c.tls.private_key = key.string();
}

// With "/{agent}/mcp" the other two stand beside it, unless they were given.
void put_beside_the_agents(loading& l) {
    constexpr std::string_view placeholder = "{agent}";
    auto& m = l.result.mcp_server;
    auto const at = m.path.find(placeholder);
    if (at == std::string::npos || l.broken.contains("mcp.path")) return;
    auto const agent = m.path.substr(0, at + placeholder.size());
    if (!l.given("mcp.sse_path")) m.sse_path = agent + m.sse_path;
    if (!l.given("mcp.messages_path")) m.messages_path = agent + m.messages_path;
}

void refuse_all_unbuilt(loading& l) {
    config standard;
    standard.folder = l.result.folder;
    for (auto const& row : config_settings())
        if (std::string const key(row.is.key); l.given(key) && !l.broken.contains(key))
            refuse_unbuilt(l.at(key), key, row.is, row.locate(l.result), row.locate(standard),
                           l.wrong);
}

[[noreturn]] void give_up(mistakes const& wrong) {
    std::string all;
    for (auto const& line : wrong.lines())
        all += all.empty() ? line : '\n' + line;
    throw config_error(all);
}

}  // namespace

config load_config(config_sources const& from) {
    loading l;
    bool const understood = apply_file(l, from.file);
    apply_environment(l, from.environment);
    for (auto const& assignment : from.sets)
        apply_set(l, assignment);
    imply_proxy(l, from.environment);
    refuse_all_unbuilt(l);
    apply_broker_defaults(l);
    pick_up_certificate(l.result);
    put_beside_the_agents(l);
    ask_for_known_scopes(l);
    // What keys owe each other cannot be judged when a whole source is missing.
    if (understood) {
        check_together(l);
        check_clients(l);
        check_client_documents(l);
        check_trusted_issuers(l);
        check_users(l);
        check_broker(l);
        check_clear_text(l);
        check_strangers(l);
    }
    if (!l.wrong.empty()) give_up(l.wrong);
    if (l.result.users.empty()) l.result.users.push_back({"demo", "", {}});
    for (auto const& [key, at] : l.origins)
        l.result.positions.emplace(key, at.label);
    return std::move(l.result);
}

std::string config::where(std::string_view key) const {
    auto const found = positions.find(key);
    if (found == positions.end()) return std::string(key);
    bool const named = found->second.starts_with("--set ");
    return named ? found->second : found->second + ": " + std::string(key);
}

}  // namespace tollgate
