// An nginx of its own for a test: Debian's program, which asks several servers in turns.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/folder.hpp"

namespace test {

class nginx_proxy {
public:
    // A port of 127.0.0.1 and the ports behind it.
    using front = std::pair<unsigned short, std::vector<unsigned short>>;

    // Started and answering. `control_token`: for whoever calls the control plane and brings none.
    // Fails the test, with a sentence, where there is no nginx.
    nginx_proxy(std::vector<front> const& fronts, std::string const& control_token);
    ~nginx_proxy();
    nginx_proxy(nginx_proxy const&) = delete;
    nginx_proxy& operator=(nginx_proxy const&) = delete;

private:
    folder folder_;
    int process_ = -1;
};

}  // namespace test
