#include "cli/control_client.hpp"

#include <utility>

#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>

#include "base/text.hpp"

namespace tollgate {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds patience{10'000};

// The text that a refusal carries for people.
std::string reason_in(http::client_response const& a) {
    boost::system::error_code not_json;
    auto const body = json::parse(a.body, not_json);
    auto const* object = not_json ? nullptr : body.if_object();
    if (object)
        for (auto const* name : {"error_description", "error"})
            if (auto const* text = object->if_contains(name); text && text->is_string())
                return tollgate::printable(text->get_string(), 500);
    // A text: its line break is not part of the sentence.
    auto const end = a.body.find_last_not_of("\r\n ");
    auto text = tollgate::printable(std::string_view(a.body).substr(0, end + 1), 500);
    // The certificate is looked for beside the configuration.
    if (text.starts_with("This port speaks TLS:"))
        text += " Name the server with --url, or its configuration with --config.";
    return text;
}

std::string silence(std::string const& base, boost::system::error_code why) {
    namespace error = boost::asio::error;
    bool const nobody =
        why == error::connection_refused || why == error::timed_out || why == error::host_not_found;
    if (nobody)
        return "nobody answers at " + base + " (" + why.message() +
               "); is tollgate serve running?\n";
    if (why.message().starts_with("certificate verify failed"))
        return "cannot talk to " + base + ": its certificate is not trusted here (" +
               why.message() +
               "); name the file of its CA in the environment variable SSL_CERT_FILE, or the "
               "configuration of the server with --config.\n";
    return "cannot talk to " + base + ": " + why.message() +
           "; is that the address of tollgate serve, and http or https right?\n";
}

http::client::options options(std::string ca_file) {
    http::client::options o;
    o.extra_ca_file = std::move(ca_file);
    o.idle_per_host = 0;  // a connection that is kept would keep the program from ending
    return o;
}

}  // namespace

control_client::control_client(std::string command, std::string token, std::string ca_file)
    : command_(std::move(command)),
      token_(std::move(token)),
      client_(options(std::move(ca_file))) {}

task<bool> control_client::ask(http::verb method, std::string url, std::string body) {
    http::outbound request(url);
    request.method = method;
    request.timeout = patience;
    if (!token_.empty()) request.headers.add("Authorization", "Bearer " + token_);
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.body = std::move(body);
    auto answer = co_await client_.send(std::move(request));
    if (!answer) {
        fail(silence(url, answer.error()));
        co_return false;
    }
    if (answer->status < 200 || answer->status > 299) {
        fail(url + " answered " + std::to_string(answer->status) + ": " + reason_in(*answer) +
             '\n');
        co_return false;
    }
    last_ = std::move(*answer);
    co_return true;
}

void control_client::fail(std::string text) {
    result.err = command_ + ": " + std::move(text);
    result.exit_code = 1;
}

std::string variable(environment_variables const& environment, char const* name) {
    auto const found = environment.find(name);
    return found == environment.end() ? "" : found->second;
}

config configuration_for(command_line const& line, bool by_url,
                         environment_variables const& environment) {
    config_sources const from{line.config_file, line.sets, environment};
    if (!by_url || !line.config_file.empty() || !line.sets.empty()) return load_config(from);
    try {
        return load_config(from);
    } catch (config_error const&) {
        return config();
    }
}

std::string token_for(command_line const& line, config const& c, bool by_url,
                      environment_variables const& environment) {
    if (!line.token.empty()) return line.token;
    auto const given = variable(environment, "TOLLGATE_TOKEN");
    if (!given.empty()) return given;
    // The configured token is for the configured server, not for any URL.
    bool const asked_for = !by_url || !line.config_file.empty();
    return asked_for ? c.control.token : "";
}

}  // namespace tollgate
