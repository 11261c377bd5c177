// Dashboard: /control/ui, the page that shows what clients do in a realm and makes faults. Its
// sources are the files beside this one; CMake makes one page of them.
//
//     page.html             what is there before anything has happened
//     *.css, *.js           in the order that CMakeLists.txt names
//     dashboard.cpp         the routes: the page, and the form for control.token before it
#pragma once

#include <string_view>

#include "control/access.hpp"
#include "http/pipeline/router.hpp"

namespace tollgate::control {

class dashboard {
public:
    // `access` must outlive it; it must outlive the routers.
    explicit dashboard(access_control& access) : access_(access) {}

    void add_routes(http::router& r);

    access_control& access() noexcept { return access_; }

private:
    access_control& access_;
};

// The sources, as they are. The page has {style}, {script}, {version} and {login} ("yes" where
// there is a session to end) in it.
extern std::string_view const dashboard_page;
extern std::string_view const dashboard_style;
extern std::string_view const dashboard_script;

}  // namespace tollgate::control
