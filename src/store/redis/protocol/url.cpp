#include "store/redis/protocol/url.hpp"

#include <charconv>
#include <optional>

namespace tollgate::oauth::redis {

namespace {

constexpr unsigned short standard_port = 6379;
constexpr std::size_t longest_socket_path = 107;  // sun_path of unix(7), with its end
constexpr unsigned most_databases = 1 << 20;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number n = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size())
        return std::nullopt;
    return n;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string all;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            all += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        auto const high = hex_value(text[i + 1]);
        auto const low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        all += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return all;
}

flaw_of_url flaw(std::string why) {
    return {std::move(why)};
}

// Takes "user:password@" off the front.
std::optional<flaw_of_url> take_credentials(std::string_view& rest, url& into) {
    // A password may hold whatever is not "/"; of several "@" the last one ends it.
    auto const at = rest.substr(0, rest.find('/')).rfind('@');
    if (at == std::string_view::npos) return std::nullopt;
    auto const all = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    auto const colon = all.find(':');
    auto const user = percent_decoded(all.substr(0, colon));
    auto const password =
        colon == std::string_view::npos ? std::string() : percent_decoded(all.substr(colon + 1));
    if (!user || !password)
        return flaw("has a user or password with a % that begins no %XX; write %25 for it");
    if (password->empty())
        return flaw("names a user without a password; write user:password@, or leave both out");
    into.user = *user;
    into.password = *password;
    return std::nullopt;
}

std::optional<flaw_of_url> take_database(std::string_view text, url& into) {
    if (text.empty()) return std::nullopt;
    auto const n = number_in<unsigned>(text);
    if (!n || *n >= most_databases)
        return flaw("must end in the number of a database, as in redis://127.0.0.1:6379/0");
    into.database = *n;
    return std::nullopt;
}

std::optional<flaw_of_url> take_socket(std::string_view rest, url& into) {
    auto const question = rest.find('?');
    auto const path = percent_decoded(rest.substr(0, question));
    // The system would end it at a NUL, and go to another socket.
    if (!path || !path->starts_with('/') || path->size() > longest_socket_path ||
        path->find('\0') != std::string::npos)
        return flaw(
            "must name the absolute path of a socket, as in redis+unix:///run/redis/redis.sock");
    into.where.path = *path;
    if (question == std::string_view::npos) return std::nullopt;
    auto const query = rest.substr(question + 1);
    if (!query.starts_with("db=")) return flaw("may have ?db=NUMBER behind the path, nothing else");
    return take_database(query.substr(3), into);
}

// "host", "host:port", "[::1]:port".
bool take_host(std::string_view text, address& into) {
    std::string_view port;
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos) return false;
        into.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && !port.starts_with(':')) return false;
    } else {
        auto const colon = text.find(':');
        into.host = text.substr(0, colon);
        if (colon != std::string_view::npos) port = text.substr(colon);
    }
    into.port = standard_port;
    if (into.host.empty() || into.host.find_first_of(" []?#") != std::string::npos) return false;
    if (port.empty()) return true;
    auto const n = number_in<unsigned short>(port.substr(1));
    if (!n || *n == 0) return false;
    into.port = *n;
    return true;
}

std::optional<flaw_of_url> take_server(std::string_view rest, url& into) {
    auto const slash = rest.find('/');
    if (!take_host(rest.substr(0, slash), into.where))
        return flaw(
            "must name a host and, if it is not 6379, a port, as in redis://127.0.0.1:6379/0");
    if (slash == std::string_view::npos) return std::nullopt;
    return take_database(rest.substr(slash + 1), into);
}

}  // namespace

std::string address::text() const {
    if (!path.empty()) return path;
    bool const six = host.find(':') != std::string::npos;
    return (six ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

bool read_address(std::string_view text, std::string const& same_host, address& into) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return false;
    auto const port = number_in<unsigned short>(text.substr(colon + 1));
    if (!port || *port == 0) return false;
    into.port = *port;
    into.host = text.substr(0, colon);
    // "?": it does not know its own name.
    if (into.host.empty() || into.host == "?") into.host = same_host;
    return !into.host.empty();
}

std::string url::shown() const {
    if (!where.path.empty())
        return "redis+unix://" + where.path +
               (database == 0 ? "" : "?db=" + std::to_string(database));
    return (tls ? "rediss://" : "redis://") + where.text() + '/' + std::to_string(database);
}

boost::system::result<url, flaw_of_url> parse_url(std::string_view text) {
    url made;
    auto const end = text.find("://");
    auto const scheme = text.substr(0, end);
    bool const socket = scheme == "redis+unix";
    made.tls = scheme == "rediss";
    if (end == std::string_view::npos || (scheme != "redis" && !made.tls && !socket))
        return flaw("must begin with redis://, rediss:// or redis+unix://");
    auto rest = text.substr(end + 3);
    if (auto const wrong = take_credentials(rest, made)) return *wrong;
    auto const wrong = socket ? take_socket(rest, made) : take_server(rest, made);
    if (wrong) return *wrong;
    return made;
}

}  // namespace tollgate::oauth::redis
