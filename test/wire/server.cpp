#include "wire/server.hpp"

#include <sys/types.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include <boost/json/parse.hpp>

#include "flow/command.hpp"

namespace test::wire {

namespace {

std::string arguments(std::string const& config) {
    std::string text =
        "serve --ready-json --set authorization_server.listen=localhost:0 "
        "--set server.workers=2";
    if (config.find("one_origin") == std::string::npos) text += " --set mcp.listen=localhost:0";
    if (config.find("signing_alg") == std::string::npos)
        text += " --set tokens.signing_key='" + key_file("signing_key.pem") + '\'';
    return text;
}

unsigned short port_of(boost::json::value const& where, char const* member) {
    std::string const url(where.at(member).as_string());
    auto const colon = url.find(':', url.find("://") + 3);
    return static_cast<unsigned short>(std::stoul(url.substr(colon + 1)));
}

std::string first_line(std::FILE* from) {
    std::string line;
    for (int c = 0; (c = std::fgetc(from)) != EOF && c != '\n';)
        line += static_cast<char>(c);
    return line;
}

}  // namespace

server::server(std::string const& config)
    : command_(std::make_unique<command>(arguments(config), config)) {
    auto const ready = first_line(command_->out());
    if (!ready.starts_with('{')) throw std::runtime_error("it did not start: " + command_->log());
    auto const where = boost::json::parse(ready);
    ports_ = {port_of(where, "issuer"), port_of(where, "mcp")};
    pid_ = static_cast<int>(where.at("pid").as_int64());
}

server::~server() {
    if (pid_ != 0) stop();
}

std::string server::stop() {
    ::kill(static_cast<pid_t>(std::exchange(pid_, 0)), SIGTERM);
    auto const end = command_->end();
    return end.code == 0 ? "" : "it ended with " + std::to_string(end.code) + ": " + end.err;
}

std::string key_file(std::string const& name) {
    return transcripts_folder() + '/' + name;
}

std::string transcripts_folder() {
    return WIRE_FOLDER;
}

}  // namespace test::wire
