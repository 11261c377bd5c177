// The built program, with ports of its own, for one transcript.
#pragma once

#include <memory>
#include <string>

namespace test {
class command;
}

namespace test::wire {

struct ports {
    unsigned short as = 0;   // the authorization server
    unsigned short mcp = 0;  // the same where both have one origin
};

class server {
public:
    // `config` is its config.toml. Unless that chooses how tokens are signed, the key is
    // signing_key.pem, because making one takes longer than a transcript.
    explicit server(std::string const& config);
    ~server();
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    ports const& where() const noexcept { return ports_; }
    // Ends it by SIGTERM. What was wrong with its end, or nothing: under AddressSanitizer that also
    // means that nothing leaked.
    std::string stop();

private:
    std::unique_ptr<command> command_;
    ports ports_;
    int pid_ = 0;
};

// Of this folder.
std::string key_file(std::string const& name);
std::string transcripts_folder();

}  // namespace test::wire
