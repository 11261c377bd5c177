#include "support/nginx_proxy.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "support/process.hpp"
#include "support/waiting.hpp"

namespace test {

namespace {

std::string upstream(nginx_proxy::front const& one) {
    std::string text = "upstream behind_" + std::to_string(one.first) + " {";
    for (auto const port : one.second)
        text += " server 127.0.0.1:" + std::to_string(port) + " max_fails=0;";
    return text + " keepalive 16; }\n";
}

std::string server(nginx_proxy::front const& one) {
    auto const port = std::to_string(one.first);
    return "server { listen 127.0.0.1:" + port + "; location / { proxy_pass http://behind_" + port +
           "; } }\n";
}

std::string temporary_folders(std::string const& below) {
    std::string text;
    for (std::string const name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        text += name + "_temp_path " + below + '/' + name + ";\n";
    return text;
}

std::string configuration(std::string const& below, std::vector<nginx_proxy::front> const& fronts,
                          std::string const& control_token) {
    std::string text = "daemon off; pid " + below + "/pid; error_log " + below +
                       "/log; worker_processes 1; events { worker_connections 4096; }\n"
                       "http { access_log off;\n" +
                       temporary_folders(below) +
                       "map $uri $instead { default \"\"; "
                       "\"~^(/[rs]/.+)?/(control|metrics|results)(/|$)\" \"Bearer " +
                       control_token +
                       "\"; }\n"
                       "map $http_authorization $authorization { default $http_authorization; \"\" "
                       "$instead; }\n"
                       "large_client_header_buffers 8 128k; client_max_body_size 0;\n"
                       "proxy_http_version 1.1; proxy_set_header Host $http_host;\n"
                       "proxy_set_header Connection \"\";\n"
                       "proxy_set_header Authorization $authorization;\n"
                       "proxy_request_buffering off; proxy_buffering off;\n"
                       "proxy_buffer_size 128k; proxy_buffers 4 128k; "
                       "proxy_busy_buffers_size 128k; proxy_read_timeout 10m;\n";
    for (auto const& one : fronts)
        text += upstream(one) + server(one);
    return text + "}\n";
}

bool listens(unsigned short port) {
    auto const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool const is = ::connect(s, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
    ::close(s);
    return is;
}

}  // namespace

nginx_proxy::nginx_proxy(std::vector<front> const& fronts, std::string const& control_token) {
    auto const below = folder_.path().string();
    auto const program = ::access("/usr/sbin/nginx", X_OK) == 0 ? "/usr/sbin/nginx" : "nginx";
    std::ofstream(below + "/nginx.conf") << configuration(below, fronts, control_token);
    process_ = start_process({program, "-e", below + "/log", "-c", below + "/nginx.conf"},
                             below + "/output");
    bool const up = eventually([&] {
        if (::waitpid(process_, nullptr, WNOHANG) == process_)
            throw std::runtime_error(
                "nginx ended, or there is none: apt-get install nginx-light; what it said was in " +
                below);
        return listens(fronts.front().first);
    });
    if (!up) throw std::runtime_error("nginx does not answer");
}

nginx_proxy::~nginx_proxy() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
}

}  // namespace test
